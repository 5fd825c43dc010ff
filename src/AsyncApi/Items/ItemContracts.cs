using System.ComponentModel.DataAnnotations;
using AsyncApi.Http.Input;

namespace AsyncApi.Items;

/// <summary>What a client says of an item.</summary>
internal sealed record ItemDraft
{
    public const int MaxNameLength = 200;
    public const int MaxDataBytes = 64 * 1024;

    /// <summary>What to find it by.</summary>
    [MaxLength(MaxNameLength)]
    public string? Name { get; init; }

    /// <summary>The text that is handled, up to 64 KiB of UTF-8.</summary>
    public required string Data { get; init; }

    /// <summary>Null when the faults say why.</summary>
    public static ItemDraft? Read(JsonObjectReader body)
    {
        string? name = body.String("name", MaxNameLength);
        string? data = body.String("data", maxBytes: MaxDataBytes, required: true);
        body.Complete();
        return body.Faults.Any ? null : new ItemDraft { Name = name, Data = data! };
    }
}

/// <summary>An item that was taken in.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Status">Where it is.</param>
/// <param name="Message">The same for people.</param>
/// <param name="JobId">The job that handles it.</param>
internal sealed record ItemAccepted(long Id, ItemStatus Status, string Message, Guid JobId)
{
    public static ItemAccepted Of(Item item) => new(item.Id, ItemStatus.Accepted, "Processing", item.JobId);
}

/// <summary>An item.</summary>
internal sealed record ItemView
{
    public required long Id { get; init; }

    public string? Name { get; init; }

    public required string Data { get; init; }

    public required ItemStatus Status { get; init; }

    /// <summary>What came out; null until it is processed.</summary>
    public ItemResult? Result { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; init; }

    /// <summary>The job that handles the present data.</summary>
    public required Guid JobId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public static ItemView Of(Item item) => new()
    {
        Id = item.Id,
        Name = item.Name,
        Data = item.Data,
        Status = item.Status,
        Result = item.Sha256 is null ? null : new ItemResult(item.Length!.Value, item.Words!.Value, item.Sha256),
        Error = item.Error,
        JobId = item.JobId,
        CreatedAt = item.CreatedAt,
        UpdatedAt = item.UpdatedAt,
    };
}
