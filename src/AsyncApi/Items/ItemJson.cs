using System.Text.Json;
using AsyncApi.Http;
using AsyncApi.Http.Input;

namespace AsyncApi.Items;

/// <summary>Writes items in the shape of <see cref="ItemView"/>; on the hot routes the serializer took more time than the query.</summary>
internal static class ItemJson
{
    public static void Write(Utf8JsonWriter json, Item item)
    {
        json.WriteStartObject();
        json.WriteNumber("id"u8, item.Id);
        json.WriteString("name"u8, item.Name);
        json.WriteString("data"u8, item.Data);
        json.WriteString("status"u8, EnumNames<ItemStatus>.Of(item.Status));
        WriteResult(json, item);
        json.WriteString("error"u8, item.Error);
        json.WriteString("jobId"u8, item.JobId);
        WriteTime(json, "createdAt"u8, item.CreatedAt);
        WriteTime(json, "updatedAt"u8, item.UpdatedAt);
        json.WriteEndObject();
    }

    public static void WritePage(Utf8JsonWriter json, (IReadOnlyList<Item> Items, string? NextCursor) page)
    {
        json.WriteStartObject();
        json.WriteStartArray("items"u8);
        foreach (Item item in page.Items)
        {
            Write(json, item);
        }

        json.WriteEndArray();
        json.WriteString("nextCursor"u8, page.NextCursor);
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, Item item)
    {
        if (item.Sha256 is null)
        {
            json.WriteNull("result"u8);
            return;
        }

        json.WriteStartObject("result"u8);
        json.WriteNumber("length"u8, item.Length!.Value);
        json.WriteNumber("words"u8, item.Words!.Value);
        json.WriteString("sha256"u8, item.Sha256);
        json.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset time)
    {
        Span<byte> text = stackalloc byte[Timestamp.Length];
        Timestamp.Format(time, text);
        json.WriteString(name, text);
    }
}
