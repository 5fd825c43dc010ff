using System.Globalization;

namespace AsyncApi.Items;

/// <summary>A text that is handled in the background. Its job does the work; a replaced item has a new one.</summary>
internal sealed class Item
{
    /// <summary>The kind of job that handles it.</summary>
    public const string JobKind = "item";

    public long Id { get; set; }

    public string? Name { get; set; }

    public required string Data { get; set; }

    public ItemStatus Status { get; set; }

    /// <summary>The job that handles the present data; what an older one comes to is dropped.</summary>
    public Guid JobId { get; set; }

    /// <summary>Counts changes, from 1; the tag that clients see.</summary>
    public long Version { get; set; }

    public long? Length { get; set; }

    public long? Words { get; set; }

    public string? Sha256 { get; set; }

    public string? Error { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    public string Path => string.Create(CultureInfo.InvariantCulture, $"/items/{Id}");

    public bool IsOver => Status is ItemStatus.Processed or ItemStatus.Failed;
}

/// <summary>Where an item is. The last two are final, until its data is replaced.</summary>
internal enum ItemStatus
{
    Accepted,
    Processing,
    Processed,
    Failed,
}
