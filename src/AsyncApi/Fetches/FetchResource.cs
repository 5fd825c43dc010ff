using AsyncApi.Jobs;

namespace AsyncApi.Fetches;

/// <summary>A fetch as <c>GET /fetches/{id}</c> shows it.</summary>
internal sealed class FetchResource(FetchStore fetches, FetchViews views) : IJobResource
{
    public string Kind => Fetch.JobKind;

    public async Task<object?> ShowAsync(Guid job, CancellationToken token) =>
        await fetches.FindAsync(job, token) is { } record ? await views.ShowAsync(record) : null;
}
