using System.Globalization;
using System.Text.Json;
using AsyncApi.Http;
using AsyncApi.Tests.Fetches;
using AsyncApi.Tests.Http;
using AsyncApi.TestSupport;

namespace AsyncApi.Tests.Jobs;

public sealed class DelayedStartTests(ServiceWithTarget both) : IClassFixture<ServiceWithTarget>
{
    private readonly ServiceUnderTest _service = both.Service;
    private readonly TargetServer _target = both.Target;

    [Fact]
    public async Task Fetch_with_a_delay_is_scheduled_and_starts_on_time()
    {
        string fetch = await _service.SubmitAsync(ServiceCalls.Batch([_target.Url("ok/1")], more: ",\"delaySeconds\":1.2"));
        JsonElement waits = await _service.JsonAsync(fetch);

        waits.Text("status").ShouldBe("scheduled");
        waits.At("waiting.scheduled").GetInt32().ShouldBe(1);
        JsonElement over = await _service.OverAsync(fetch);
        TimeSpan waited = Time(over, "startedAt") - Time(over, "createdAt");
        waited.TotalSeconds.ShouldBeInRange(1.19, 1.5);
    }

    [Fact]
    public async Task Earlier_one_that_comes_later_is_not_held_up()
    {
        string late = await _service.SubmitAsync(ServiceCalls.Batch([_target.Url("ok/1")], more: ",\"delaySeconds\":600"));
        string soon = await _service.SubmitAsync(_target.Url("ok/2"), "text/uri-list", "?delaySeconds=0.3");

        (await _service.OverAsync(soon)).Text("status").ShouldBe("completed");
        (await _service.JsonAsync(late)).Text("status").ShouldBe("scheduled");
    }

    [Fact]
    public async Task Time_that_has_passed_means_at_once_and_one_to_come_survives_a_restart()
    {
        using TempFolder folder = new();
        string later;
        await using (ServiceUnderTest before = await ServiceUnderTest.StartInAsync(folder.Path))
        {
            string past = await before.SubmitAsync(ServiceCalls.Batch([_target.Url("ok/1")], more: ",\"runAt\":\"2020-01-01T00:00:00Z\""));
            (await before.OverAsync(past)).Text("status").ShouldBe("completed");
            string at = Timestamp.Format(TimeProvider.System.GetUtcNow().AddSeconds(2));
            later = await before.SubmitAsync(ServiceCalls.Batch([_target.Url("ok/1")], more: $",\"runAt\":\"{at}\""));
        }

        await using ServiceUnderTest after = await ServiceUnderTest.StartInAsync(folder.Path);
        JsonElement over = await after.OverAsync(later);
        (Time(over, "startedAt") - Time(over, "createdAt")).TotalSeconds.ShouldBeInRange(1.9, 20);
    }

    [Theory]
    [InlineData("\"delaySeconds\":-1", "delaySeconds: must be a number from 0 to 31622400, was \"-1\"")]
    [InlineData("\"delaySeconds\":1,\"runAt\":\"2030-01-01T00:00:00Z\"", "runAt: must not stand beside delaySeconds")]
    [InlineData("\"runAt\":\"tomorrow\"", "runAt: must be an RFC 3339 time, was \"tomorrow\"")]
    [InlineData("\"runAt\":\"2999-01-01T00:00:00Z\"", "runAt: must be within 366 days, was \"2999-01-01T00:00:00Z\"")]
    public async Task Start_that_makes_no_sense_is_said(string members, string fault)
    {
        using HttpResponseMessage answer = await _service.PostAsync("/fetches", ServiceCalls.Batch([_target.Url("ok/1")], more: "," + members));

        (await answer.ShouldBeFaultsAsync()).ShouldContain(fault);
    }

    private static DateTimeOffset Time(JsonElement fetch, string name) => DateTimeOffset.Parse(fetch.Text(name), CultureInfo.InvariantCulture);
}
