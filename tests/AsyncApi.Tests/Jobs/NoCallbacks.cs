using AsyncApi.Jobs;
using AsyncApi.Storage;

namespace AsyncApi.Tests.Jobs;

/// <summary>Nobody is told of anything.</summary>
internal sealed class NoCallbacks : IJobCallbacks
{
    public string? FaultOf(string url) => "cannot be called";

    public Task<string?> FindUrlAsync(Job job, CancellationToken token) => Task.FromResult<string?>(null);

    public void Wake()
    {
    }

    public ValueTask ForgetAsync(WriteSession session, Guid job, CancellationToken token) => default;
}
