using System.IO.Pipelines;
using AsyncApi.Http.Idempotency;
using AsyncApi.Http.Input;
using AsyncApi.Jobs;
using AsyncApi.Storage;

namespace AsyncApi.Fetches.Submission;

/// <summary>What a submission came with.</summary>
internal sealed record SubmissionOrigin(string RequestId, IdempotencyTicket Idempotency)
{
    /// <summary>More that is written in the transaction that makes the fetch exist. What it throws undoes all of it.</summary>
    public Func<WriteSession, FetchRecord, CancellationToken, ValueTask>? Within { get; init; }
}

/// <summary>A fetch as it was when it came to exist.</summary>
internal sealed record TakenFetch(FetchRecord Record, FetchView View);

/// <summary>Takes submissions in: what was read becomes a job on disk, or faults and nothing.</summary>
internal sealed class Submissions(
    SubmissionReader reader, Database database, FetchRemovalStore removals, FetchRetryStore retries, FetchViews views,
    JobWakeUp wakeUp, JobSignals signals, TimeProvider time)
{
    public const int MaxJsonBytes = 64 * 1024 * 1024;

    private const int Accepted = 202;
    private const int FileBufferBytes = 64 * 1024;

    /// <summary>The fetch, or null with faults in the body's <paramref name="faults"/>.</summary>
    public async Task<TakenFetch?> TakeJsonAsync(JsonBody body, Faults faults, SubmissionOrigin origin, CancellationToken token) =>
        reader.ReadJson(body.Object(faults)) is { } submission ? await TakeAsync(submission, faults, origin, token) : null;

    /// <summary>When this returns, the fetch is on disk, and will run. Null with faults where its file says so, and only then.</summary>
    public async Task<TakenFetch?> TakeAsync(JsonSubmission submission, Faults faults, SubmissionOrigin origin, CancellationToken token)
    {
        await using RequestFile? file = await reader.OpenAsync(submission, faults, token);
        if (faults.Any)
        {
            return null;
        }

        return await TakeAsync(submission.Settings, intake => FillAsync(intake, submission, file, faults, token), faults, origin, token);
    }

    /// <summary>The fetch, or null with faults in those of the query, which also get the body's.</summary>
    public async Task<TakenFetch?> TakeLinesAsync(
        PipeReader body, LineFormat format, QueryReader query, SubmissionOrigin origin, CancellationToken token)
    {
        if (reader.ReadQuery(query) is not { } read)
        {
            return null;
        }

        LineSubmission lines = new(reader.RequestsOf(read), format, query.Faults);
        return await TakeAsync(read, intake => lines.ReadAsync(body, intake, token), query.Faults, origin, token);
    }

    /// <summary>A new fetch of what did not succeed in one that is over.</summary>
    public async Task<TakenFetch> RetryAsync(FetchRecord record, SubmissionOrigin origin, CancellationToken token)
    {
        TakenFetch? taken = await TakeAsync(
            await retries.SettingsOfAsync(record, token),
            async intake =>
            {
                await foreach (RequestDraft draft in retries.ReadAsync(record, token))
                {
                    await intake.AddAsync(draft, token);
                }
            },
            new Faults(), origin, token);
        return taken!;
    }

    /// <summary>The requests of the body, then those of the file.</summary>
    private async Task FillAsync(FetchIntakeStore intake, JsonSubmission submission, RequestFile? file, Faults faults, CancellationToken token)
    {
        foreach (RequestDraft draft in submission.Requests)
        {
            await intake.AddAsync(draft, token);
        }

        if (file is not null)
        {
            LineSubmission lines = new(reader.RequestsOf(submission.Settings), file.Format, faults, submission.UrlsFrom!.Member);
            PipeReader bytes = PipeReader.Create(file.Bytes, new StreamPipeReaderOptions(bufferSize: FileBufferBytes, leaveOpen: true));
            await lines.ReadAsync(bytes, intake, token);
            await bytes.CompleteAsync();
        }
    }

    private async Task<TakenFetch?> TakeAsync(
        SubmissionSettings read, Func<FetchIntakeStore, Task> fill, Faults faults, SubmissionOrigin origin, CancellationToken token)
    {
        FetchIntakeStore intake = new(database, removals, read);
        TakenFetch? taken = null;
        try
        {
            await fill(intake);
            if (!faults.Any)
            {
                await origin.Idempotency.SealAsync(token);
                taken = await intake.CommitAsync(NewJob(read, origin.RequestId), KeepAnswerAsync, token);
                signals.Turned(taken.Record.Job.Id);
                wakeUp.Ring();
            }
        }
        finally
        {
            if (taken is null)
            {
                await intake.AbandonAsync();
            }
        }

        return taken;

        async ValueTask<TakenFetch> KeepAnswerAsync(WriteSession session, FetchRecord record, CancellationToken stop)
        {
            FetchView view = await views.ShowAsync(record);
            await origin.Idempotency.KeepAsync(session, Accepted, view.Links.Self, view, stop);
            if (origin.Within is not null)
            {
                await origin.Within(session, record, stop);
            }

            return new TakenFetch(record, view);
        }
    }

    private Job NewJob(SubmissionSettings read, string requestId)
    {
        DateTimeOffset now = time.GetUtcNow();
        return new Job
        {
            Id = Guid.CreateVersion7(now),
            Kind = Fetch.JobKind,
            Status = read.Start is null ? JobStatus.Queued : JobStatus.Scheduled,
            DueAt = read.Start,
            Label = read.Label,
            Priority = (int)read.Priority,
            RequestId = requestId,
            CallbackUrl = read.CallbackUrl,
            CreatedAt = now,
        };
    }
}
