using AsyncApi.Jobs;

namespace AsyncApi.Fetches;

/// <summary>A fetch and its job, as they stood in one read.</summary>
internal sealed record FetchRecord(Job Job, Fetch Fetch);
