using AsyncApi.Fetching;
using AsyncApi.Http;
using AsyncApi.Http.Input;
using AsyncApi.Http.Problems;
using AsyncApi.Jobs;
using AsyncApi.Storage;

namespace AsyncApi.Fetches.Submission;

/// <summary>Turns the body of <c>POST /fetches</c>, in each of its media types, into a job on disk.</summary>
internal sealed class SubmissionReader(
    SettingsReader settings, AddressPolicy policy, Database database, JobWakeUp wakeUp, TimeProvider time)
{
    public const string UriList = "text/uri-list";

    private const int MaxJsonBytes = 64 * 1024 * 1024;
    private const int MaxJsonRequests = 100_000;

    /// <summary>Never both null: the job, or why there is none.</summary>
    public async Task<(Job? Job, ProblemResult? Problem)> ReadAsync(HttpContext context, QueryReader query, CancellationToken token)
    {
        string? contentType = context.Request.ContentType;
        if (JsonBody.IsJson(contentType))
        {
            query.Complete();
            return query.Faults.Any ? (null, Problem.Validation(query.Faults)) : await ReadJsonAsync(context, token);
        }

        LineFormat? format = LineFormats.Of(contentType);
        return format is null
            ? (null, Problem.UnsupportedMediaType([JsonBody.MediaType, UriList, Http.Streams.NdjsonWriter.MediaType]))
            : await ReadLinesAsync(context, query, format.Value, token);
    }

    private async Task<(Job?, ProblemResult?)> ReadJsonAsync(HttpContext context, CancellationToken token)
    {
        using JsonBody body = await JsonBody.ReadAsync(context, MaxJsonBytes, cancellationToken: token);
        if (body.Problem is not null)
        {
            return (null, body.Problem);
        }

        Faults faults = new();
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
        return faults.Any ? (null, Problem.Validation(faults)) : (await StoreAsync(context, read, drafts, token), null);
    }

    private async Task<Job> StoreAsync(HttpContext context, SubmissionSettings read, List<RequestDraft> drafts, CancellationToken token)
    {
        FetchIntakeStore intake = new(database, read);
        try
        {
            foreach (RequestDraft draft in drafts)
            {
                await intake.AddAsync(draft, token);
            }

            return await CommitAsync(context, intake, read, token);
        }
        catch
        {
            await intake.AbandonAsync();
            throw;
        }
    }

    private async Task<(Job?, ProblemResult?)> ReadLinesAsync(HttpContext context, QueryReader query, LineFormat format, CancellationToken token)
    {
        QueryInput input = new(query);
        SubmissionSettings read = settings.Read(input, headers: null);
        input.Complete();
        if (query.Faults.Any)
        {
            return (null, Problem.Validation(query.Faults));
        }

        FetchIntakeStore intake = new(database, read);
        try
        {
            Faults faults = new();
            LineSubmission lines = new(new RequestReader(policy, read.Options.OnInvalid), format, faults);
            await lines.ReadAsync(context.Request.BodyReader, intake, token);
            if (!faults.Any)
            {
                return (await CommitAsync(context, intake, read, token), null);
            }

            await intake.AbandonAsync();
            return (null, Problem.Validation(faults));
        }
        catch
        {
            await intake.AbandonAsync();
            throw;
        }
    }

    private async Task<Job> CommitAsync(HttpContext context, FetchIntakeStore intake, SubmissionSettings read, CancellationToken token)
    {
        DateTimeOffset now = time.GetUtcNow();
        Job job = await intake.CommitAsync(
            new Job
            {
                Id = Guid.CreateVersion7(now),
                Kind = Fetch.JobKind,
                Status = JobStatus.Queued,
                Label = read.Label,
                Priority = (int)read.Priority,
                RequestId = context.GetRequestId(),
                CreatedAt = now,
            },
            token);
        wakeUp.Ring();
        return job;
    }
}
