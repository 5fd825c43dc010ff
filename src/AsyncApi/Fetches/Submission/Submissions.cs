using System.IO.Pipelines;
using AsyncApi.Fetching;
using AsyncApi.Http.Input;
using AsyncApi.Jobs;
using AsyncApi.Storage;

namespace AsyncApi.Fetches.Submission;

/// <summary>Takes submissions in: what was read becomes a job on disk, or faults and nothing.</summary>
internal sealed class Submissions(SettingsReader settings, AddressPolicy policy, Database database, JobWakeUp wakeUp, TimeProvider time)
{
    public const int MaxJsonBytes = 64 * 1024 * 1024;

    private const int MaxJsonRequests = 100_000;

    /// <summary>The job, or null with faults in the body's <paramref name="faults"/>.</summary>
    public async Task<Job?> TakeJsonAsync(JsonBody body, Faults faults, string requestId, CancellationToken token)
    {
        JsonObjectReader root = body.Object(faults);
        JsonInput input = new(root);
        IReadOnlyDictionary<string, string>? headers = input.Object("options")?.StringMap("headers", HeaderRules.MaxCount);
        if (headers is not null)
        {
            HeaderFaults.Add(input.Object("options")!, "headers", headers);
        }

        SubmissionSettings read = settings.Read(input, headers);
        List<RequestDraft> drafts = JsonRequests.Read(root, new RequestReader(policy, read.Options.OnInvalid), MaxJsonRequests);
        input.Complete();
        if (faults.Any)
        {
            return null;
        }

        return await TakeAsync(
            read,
            async intake =>
            {
                foreach (RequestDraft draft in drafts)
                {
                    await intake.AddAsync(draft, token);
                }
            },
            faults, requestId, token);
    }

    /// <summary>The job, or null with faults in those of the query, which also get the body's.</summary>
    public async Task<Job?> TakeLinesAsync(PipeReader body, LineFormat format, QueryReader query, string requestId, CancellationToken token)
    {
        QueryInput input = new(query);
        SubmissionSettings read = settings.Read(input, headers: null);
        input.Complete();
        if (query.Faults.Any)
        {
            return null;
        }

        LineSubmission lines = new(new RequestReader(policy, read.Options.OnInvalid), format, query.Faults);
        return await TakeAsync(read, intake => lines.ReadAsync(body, intake, token), query.Faults, requestId, token);
    }

    private async Task<Job?> TakeAsync(
        SubmissionSettings read, Func<FetchIntakeStore, Task> fill, Faults faults, string requestId, CancellationToken token)
    {
        FetchIntakeStore intake = new(database, read);
        Job? job = null;
        try
        {
            await fill(intake);
            if (!faults.Any)
            {
                job = await intake.CommitAsync(NewJob(read, requestId), token);
                wakeUp.Ring();
            }
        }
        finally
        {
            if (job is null)
            {
                await intake.AbandonAsync();
            }
        }

        return job;
    }

    private Job NewJob(SubmissionSettings read, string requestId)
    {
        DateTimeOffset now = time.GetUtcNow();
        return new Job
        {
            Id = Guid.CreateVersion7(now),
            Kind = Fetch.JobKind,
            Status = JobStatus.Queued,
            Label = read.Label,
            Priority = (int)read.Priority,
            RequestId = requestId,
            CreatedAt = now,
        };
    }
}
