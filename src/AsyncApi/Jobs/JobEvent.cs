using System.Text.Json;
using AsyncApi.Http;
using AsyncApi.Http.Streams;

namespace AsyncApi.Jobs;

/// <summary>One event of a job, encoded once for all who read it.</summary>
/// <param name="IsEnd">Nothing comes after it.</param>
internal sealed record JobEvent(string Name, byte[] Data, bool IsEnd)
{
    private const int Statuses = 16;

    /// <summary>What a reader has seen that has seen the job like this: the status and how much was done.</summary>
    public static long IdOf(Job job) => (job.Done * Statuses) + (int)job.Status;

    /// <summary>Null when the reader that has seen <paramref name="seen"/> has seen it all.</summary>
    public static JobEvent? Of(Job job, long? seen)
    {
        if (seen == IdOf(job))
        {
            return null;
        }

        bool isStatus = seen is not { } id || id % Statuses != (int)job.Status;
        return isStatus ? OfStatus(job) : OfProgress(job);
    }

    public static JobEvent OfProgress(Job job) => Encode("progress", new JobProgressed(job.Id, job.Done, job.Total));

    public static JobEvent OfStatus(Job job) => Encode(job.Status.IsOver() ? "end" : "status", JobView.Of(job)) with { IsEnd = job.Status.IsOver() };

    public void Write(SseWriter writer, long id) =>
        writer.Write(id, Name, Data, static (json, data) => json.WriteRawValue(data, skipInputValidation: true));

    private static JobEvent Encode<T>(string name, T data) => new(name, JsonSerializer.SerializeToUtf8Bytes(data, JsonDefaults.Options), IsEnd: false);
}
