using System.Text;
using System.Text.Json;
using AsyncApi.Http;
using AsyncApi.Http.Paging;
using AsyncApi.Items;

namespace AsyncApi.Tests.Items;

/// <summary>What is written by hand is what the serializer would write, byte by byte.</summary>
public sealed class ItemJsonTests
{
    private static readonly DateTimeOffset Time = new(2026, 11, 20, 8, 15, 30, 120, TimeSpan.Zero);

    [Fact]
    public void Items_are_written_as_their_views()
    {
        Item[] items =
        [
            new() { Id = 1, Data = "", JobId = Guid.NewGuid(), CreatedAt = Time, UpdatedAt = Time },
            new() { Id = long.MaxValue, Name = "<ü> & \"c\" 🙂", Data = "a\u0001\n", Status = ItemStatus.Processed, Length = 3, Words = 1, Sha256 = "ab", JobId = Guid.NewGuid(), CreatedAt = Time, UpdatedAt = Time.AddMilliseconds(7) },
            new() { Id = 3, Data = "x", Status = ItemStatus.Failed, Error = "why", JobId = Guid.Empty, CreatedAt = Time, UpdatedAt = Time },
        ];

        foreach (Item item in items)
        {
            Text(json => ItemJson.Write(json, item)).ShouldBe(JsonSerializer.Serialize(ItemView.Of(item), JsonDefaults.Options));
        }

        foreach (string? cursor in (string?[])[null, "next"])
        {
            Text(json => ItemJson.WritePage(json, (items, cursor)))
                .ShouldBe(JsonSerializer.Serialize(new Page<ItemView>([.. items.Select(ItemView.Of)], cursor), JsonDefaults.Options));
        }
    }

    private static string Text(Action<Utf8JsonWriter> write)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, JsonDefaults.WriterOptions))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
