using System.Text.Json;
using AsyncApi.Http;

namespace AsyncApi.Tests.Http;

public sealed class JsonDefaultsTests
{
    private enum Order
    {
        FirstCompleted,
    }

    [Theory]
    [InlineData("2026-11-20T08:15:30.1234567+00:00", "2026-11-20T08:15:30.123Z")]
    [InlineData("2026-11-20T01:15:30-07:00", "2026-11-20T08:15:30.000Z")]
    public void Times_are_written_in_utc_with_milliseconds(string time, string written)
    {
        DateTimeOffset value = DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);

        JsonSerializer.Serialize(value, JsonDefaults.Options).ShouldBe($"\"{written}\"");
        Timestamp.Format(value).ShouldBe(written);
        JsonSerializer.Deserialize<DateTimeOffset>($"\"{time}\"", JsonDefaults.Options).ShouldBe(value);
    }

    [Fact]
    public void Members_enums_and_ids_are_written_as_the_contract_has_them() =>
        JsonSerializer.Serialize(
            new { ReturnWhen = Order.FirstCompleted, Id = Guid.Parse("0190A8B2-7C3D-7E4F-8A5B-6C7D8E9F0A1B"), Text = "é<" }, JsonDefaults.Options)
            .ShouldBe("{\"returnWhen\":\"firstCompleted\",\"id\":\"0190a8b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b\",\"text\":\"é\\u003C\"}");
}
