using AsyncApi.Fetching;
using AsyncApi.Http.Input;

namespace AsyncApi.LoadTests;

/// <summary>What a load test sends, judged.</summary>
// Also how it is stored.
internal sealed record LoadPlan
{
    public const int MaxRequests = 1_000_000;
    public const int MaxConcurrency = 200;
    public const double MaxSeconds = 60;
    public const double MaxRate = 10_000;

    private const int DefaultRequests = 1_000;
    private const int DefaultConcurrency = 50;

    public required string Url { get; init; }

    public string Method { get; init; } = "GET";

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public byte[]? Body { get; init; }

    /// <summary>It ends after so many.</summary>
    public required int Requests { get; init; }

    /// <summary>Requests in flight at once.</summary>
    public required int Concurrency { get; init; }

    /// <summary>No request starts later than this after the first.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>What makes it an open model: so many start in a second. Null for a closed one: the next starts when one has ended.</summary>
    public double? RequestsPerSecond { get; init; }

    /// <summary>Null when the faults say why.</summary>
    public static LoadPlan? Read(JsonObjectReader body)
    {
        string? url = body.String("url", required: true);
        if (url is not null && !UrlRules.TryParse(url, AddressPolicy.Unrestricted(), out _, out UrlFault fault))
        {
            body.Fault("url", fault.Message);
        }

        string? method = body.Method();
        IReadOnlyDictionary<string, string>? headers = body.Headers();
        byte[]? content = body.Body();
        int? requests = body.Int32("requests", 1, MaxRequests);
        int? concurrency = body.Int32("concurrency", 1, MaxConcurrency);
        double? seconds = body.Double("durationSeconds", 0.1, MaxSeconds);
        double? rate = body.Double("requestsPerSecond", 0.1, MaxRate);
        body.Complete();
        return body.Faults.Any
            ? null
            : new LoadPlan
            {
                Url = url!,
                Method = method ?? "GET",
                Headers = headers ?? new Dictionary<string, string>(),
                Body = content,
                Requests = Math.Min(requests ?? (seconds is null ? DefaultRequests : MaxRequests), MostIn(seconds ?? MaxSeconds, rate)),
                // An open model starts its requests on time, as long as connections last.
                Concurrency = concurrency ?? (rate is null ? DefaultConcurrency : MaxConcurrency),
                DurationSeconds = seconds ?? MaxSeconds,
                RequestsPerSecond = rate,
            };
    }

    private static int MostIn(double seconds, double? rate) => rate is null ? MaxRequests : (int)Math.Ceiling(seconds * rate.Value);
}
