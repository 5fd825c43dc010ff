namespace AsyncApi.Jobs;

/// <summary>A claim as it stands in the table, whether or not somebody works on it.</summary>
internal sealed record OwnedJob(long Number, Guid Id, long Token);
