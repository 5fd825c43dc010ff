using System.Text.Json;
using AsyncApi.Http;
using AsyncApi.Http.Input;
using AsyncApi.Jobs;

namespace AsyncApi.Callbacks;

/// <summary>What a receiver is told.</summary>
/// <param name="Type">The job's kind and how it ended, such as <c>fetch.completed</c>.</param>
/// <param name="Timestamp">When it ended.</param>
/// <param name="Data">The resource as its own route shows it.</param>
internal sealed record CallbackEvent(string Type, DateTimeOffset Timestamp, object Data);

/// <summary>Makes the bytes that are sent, and signed, out of the rows of a job that is over.</summary>
internal sealed class CallbackEvents(JobStore jobs, IEnumerable<IJobResource> resources)
{
    private readonly Dictionary<string, IJobResource> _resources = resources.ToDictionary(resource => resource.Kind, StringComparer.Ordinal);

    /// <summary>Null when the job was deleted.</summary>
    public async Task<byte[]?> WriteAsync(Guid id, CancellationToken token)
    {
        if (await jobs.FindAsync(id, token) is not { } job)
        {
            return null;
        }

        object? data = _resources.TryGetValue(job.Kind, out IJobResource? resource) ? await resource.ShowAsync(id, token) : JobView.Of(job);
        return data is null
            ? null
            : JsonSerializer.SerializeToUtf8Bytes(
                new CallbackEvent($"{job.Kind}.{EnumNames<JobStatus>.Of(job.Status)}", job.FinishedAt!.Value, data), JsonDefaults.Options);
    }
}
