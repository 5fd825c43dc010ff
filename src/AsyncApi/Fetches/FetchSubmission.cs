using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AsyncApi.Fetching;

namespace AsyncApi.Fetches;

/// <summary>A batch of requests. At least one of <c>urls</c>, <c>requests</c> and <c>urlsFrom</c> stands; the first two together hold up to 100,000.</summary>
// For the documentation: a submission is read member by member.
internal sealed record FetchSubmission
{
    /// <summary>Requests that are a GET of a URL and nothing more. The results' index runs over these first.</summary>
    public IReadOnlyList<string>? Urls { get; init; }

    /// <summary>Requests in full.</summary>
    public IReadOnlyList<SubmittedRequest>? Requests { get; init; }

    /// <summary>
    /// The path of an uploaded file that holds more of them, a line each, as the forms by lines do: NDJSON where its content type or its extension
    /// (<c>.ndjson</c>, <c>.jsonl</c>) says so, else a list of URLs. All together up to 1,000,000; the index runs over these last.
    /// </summary>
    public string? UrlsFrom { get; init; }

    /// <summary>How they are sent; everything may be left out.</summary>
    public SubmittedOptionSet? Options { get; init; }

    /// <summary>Its share of the service beside other fetches.</summary>
    [DefaultValue("normal")]
    public FetchPriority? Priority { get; init; }

    /// <summary>How long it is put off: it is <c>scheduled</c> until then. Up to 366 days.</summary>
    [Range(0, 31_622_400)]
    [DefaultValue(0)]
    public double? DelaySeconds { get; init; }

    /// <summary>When it starts, in place of <c>delaySeconds</c>; at once when that has passed.</summary>
    public DateTimeOffset? RunAt { get; init; }

    /// <summary>Who is told when it is over.</summary>
    public SubmittedCallback? Callback { get; init; }

    /// <summary>A name to find it by.</summary>
    [MaxLength(200)]
    public string? Label { get; init; }
}

/// <summary>Who is told when a fetch is over.</summary>
internal sealed record SubmittedCallback
{
    /// <summary>Gets a POST, signed after Standard Webhooks 1.0; tried ten times over three days until it answers with 2xx.</summary>
    [MaxLength(8192)]
    public string? Url { get; init; }
}

/// <summary>What is to change about a fetch; what is left out stays.</summary>
internal sealed record SubmittedChange
{
    /// <summary>Requests in flight at once.</summary>
    [Range(1, FetchLimitRanges.Concurrency)]
    public int? Concurrency { get; init; }

    /// <summary>Limits for each host.</summary>
    public SubmittedPerHost? PerHost { get; init; }

    /// <summary>Its share of the service beside other fetches.</summary>
    public FetchPriority? Priority { get; init; }

    /// <summary>A name to find it by; null takes it away.</summary>
    [MaxLength(FetchLimitRanges.LabelLength)]
    public string? Label { get; init; }
}

/// <summary>One request.</summary>
internal sealed record SubmittedRequest
{
    /// <summary>http or https, without user information.</summary>
    [MaxLength(8192)]
    public required string Url { get; init; }

    /// <summary>GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS.</summary>
    [DefaultValue("GET")]
    public string? Method { get; init; }

    /// <summary>At most 50, 8 KiB together; they win over those of the options.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>Up to 64 KiB of UTF-8.</summary>
    public string? Body { get; init; }

    /// <summary>Up to 64 KiB, in place of <c>body</c>.</summary>
    public string? BodyBase64 { get; init; }

    /// <summary>Comes back with the result.</summary>
    [MaxLength(200)]
    public string? Tag { get; init; }
}

/// <summary>The options that a submission may name; what it leaves out has its default.</summary>
internal sealed record SubmittedOptionSet
{
    /// <summary>Requests in flight at once.</summary>
    [Range(1, 5_000)]
    [DefaultValue(100)]
    public int? Concurrency { get; init; }

    /// <summary>Limits for each host.</summary>
    public SubmittedPerHost? PerHost { get; init; }

    /// <summary>Time for one attempt, from the connect to the last byte.</summary>
    [Range(0.1, 600)]
    [DefaultValue(30)]
    public double? TimeoutSeconds { get; init; }

    /// <summary>Time for all attempts of a request and the waits between them, from its first start; 0 for no limit.</summary>
    [Range(0, 86_400)]
    [DefaultValue(0)]
    public double? RequestTimeoutSeconds { get; init; }

    /// <summary>Time for the whole fetch, from its start; then the rest is cancelled and the fetch is <c>timedOut</c>. 0 for no limit.</summary>
    [Range(0, 604_800)]
    [DefaultValue(0)]
    public double? DeadlineSeconds { get; init; }

    /// <summary>How often and when a request is tried again.</summary>
    public SubmittedRetry? Retry { get; init; }

    /// <summary>
    /// Which outcome ends the whole fetch: none, the first failure (the fetch has then <c>failed</c>), the first success, the first of
    /// either kind.
    /// </summary>
    [DefaultValue("never")]
    public FetchStopWhen? StopWhen { get; init; }

    /// <summary>What becomes of a submission with a bad request in it.</summary>
    [DefaultValue("reject")]
    public OnInvalid? OnInvalid { get; init; }

    /// <summary>Bytes of each answer's body that are kept; 0 reads none.</summary>
    [Range(0, 64 * 1024 * 1024)]
    [DefaultValue(1024 * 1024)]
    public long? MaxBodyBytes { get; init; }

    /// <summary>Whether bodies are kept at all.</summary>
    [DefaultValue(true)]
    public bool? StoreBodies { get; init; }

    /// <summary>Redirects followed; with 0 the 3xx is the result.</summary>
    [Range(0, 20)]
    [DefaultValue(5)]
    public int? MaxRedirects { get; init; }

    /// <summary>Headers of every request, at most 50, 8 KiB together.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>Headers whose values are shown to nobody, beside those of authorization and cookies.</summary>
    public IReadOnlyList<string>? SecretHeaders { get; init; }

    /// <summary>
    /// Whether requests that bring no <c>Idempotency-Key</c> get one, the same on every attempt: POST and PATCH are then retried too.
    /// </summary>
    [DefaultValue(false)]
    public bool? SendIdempotencyKey { get; init; }
}

/// <summary>Limits for each host.</summary>
internal sealed record SubmittedPerHost
{
    /// <summary>Requests in flight to one host at once.</summary>
    [Range(1, 1_000)]
    [DefaultValue(10)]
    public int? Concurrency { get; init; }

    /// <summary>Requests that start to one host in any second; fractions are allowed, 0 is for no limit.</summary>
    [Range(0, 10_000)]
    [DefaultValue(0)]
    public double? RequestsPerSecond { get; init; }
}

/// <summary>How often and when a request is tried again. Waits are random up to a ceiling that doubles with each retry.</summary>
internal sealed record SubmittedRetry
{
    /// <summary>Attempts after the first.</summary>
    [Range(0, 20)]
    [DefaultValue(3)]
    public int? MaxRetries { get; init; }

    /// <summary>Ceiling of the first wait.</summary>
    [Range(0, 86_400)]
    [DefaultValue(0.2)]
    public double? BaseDelaySeconds { get; init; }

    /// <summary>Ceiling of any wait; where <c>Retry-After</c> asks for longer, the request fails at once.</summary>
    [Range(0, 86_400)]
    [DefaultValue(60)]
    public double? MaxDelaySeconds { get; init; }

    /// <summary>Statuses that are tried again.</summary>
    public IReadOnlyList<int>? Statuses { get; init; }
}
