using AsyncApi.Fetching;
using AsyncApi.Http.Input;

namespace AsyncApi.Fetches.Submission;

/// <summary>A JSON submission that was found right, and not yet taken in.</summary>
/// <param name="UrlsFrom">The file that holds more requests, if there is one; what is in it is not judged yet.</param>
internal sealed record JsonSubmission(SubmissionSettings Settings, IReadOnlyList<RequestDraft> Requests, NamedFile? UrlsFrom);

/// <param name="Member">How faults call it.</param>
internal sealed record NamedFile(string Path, string Member);

/// <summary>Judges submissions, and only that.</summary>
internal sealed class SubmissionReader(SettingsReader settings, AddressPolicy policy, IRequestFiles files)
{
    private const int MaxJsonRequests = 100_000;

    // The longest path of a file with every byte of it escaped.
    private const int MaxPathLength = 4_096;

    /// <summary>Null when the faults of <paramref name="root"/> say why.</summary>
    public JsonSubmission? ReadJson(JsonObjectReader root)
    {
        JsonInput input = new(root);
        IReadOnlyDictionary<string, string>? headers = input.Object("options")?.StringMap("headers", HeaderRules.MaxCount);
        if (headers is not null)
        {
            HeaderFaults.Add(input.Object("options")!, "headers", headers);
        }

        SubmissionSettings read = settings.Read(input, headers);
        List<RequestDraft> drafts = JsonRequests.Read(root, RequestsOf(read), MaxJsonRequests);
        NamedFile? file = ReadFile(root);
        input.Complete();
        return root.Faults.Any ? null : new JsonSubmission(read, drafts, file);
    }

    /// <summary>The settings of a submission by lines. Null when the faults of <paramref name="query"/> say why.</summary>
    public SubmissionSettings? ReadQuery(QueryReader query)
    {
        QueryInput input = new(query);
        SubmissionSettings read = settings.Read(input, headers: null);
        input.Complete();
        return query.Faults.Any ? null : read;
    }

    /// <summary>The file of a submission. Null when it has none, or when the faults say that it is not there.</summary>
    public async Task<RequestFile?> OpenAsync(JsonSubmission submission, Faults faults, CancellationToken token)
    {
        if (submission.UrlsFrom is not { } named)
        {
            return null;
        }

        RequestFile? file = await files.OpenAsync(named.Path, token);
        if (file is null)
        {
            faults.Add(named.Member, $"there is no file {Quoted.Of(named.Path)}");
        }

        return file;
    }

    /// <summary>Judges the single requests of a submission with these settings.</summary>
    public RequestReader RequestsOf(SubmissionSettings read) => new(policy, read.Options.OnInvalid);

    private NamedFile? ReadFile(JsonObjectReader root)
    {
        if (root.String(JsonRequests.File, MaxPathLength) is not { } path)
        {
            return null;
        }

        if (files.FaultOf(path) is { } fault)
        {
            root.Fault(JsonRequests.File, fault);
        }

        return new NamedFile(path, root.PathOf(JsonRequests.File));
    }
}
