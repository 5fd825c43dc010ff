using AsyncApi.Http.Paging;

namespace AsyncApi.Items;

/// <summary>What the documentation shows.</summary>
internal static class ItemExamples
{
    private static readonly DateTimeOffset Created = new(2026, 11, 20, 8, 15, 30, 123, TimeSpan.Zero);

    public static ItemDraft Draft { get; } = new() { Name = "greeting", Data = "Hello, world" };

    public static ItemAccepted Accepted { get; } =
        new(1, ItemStatus.Accepted, "Processing", Guid.Parse("019aa0f3-5a5c-7c7e-8f65-0d9bd2f7a001"));

    public static ItemView Processed { get; } = new()
    {
        Id = Accepted.Id,
        Name = Draft.Name,
        Data = Draft.Data,
        Status = ItemStatus.Processed,
        Result = ItemResult.Of(Draft.Data),
        JobId = Accepted.JobId,
        CreatedAt = Created,
        UpdatedAt = Created.AddMilliseconds(7),
    };

    public static Page<ItemView> Page { get; } = new([Processed], null);
}
