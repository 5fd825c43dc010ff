using AsyncApi.Fetching;
using AsyncApi.Http.Input;

namespace AsyncApi.Fetches;

/// <summary>What a PATCH of a fetch asks for; null members leave things as they are.</summary>
internal sealed record FetchChange
{
    public int? Concurrency { get; init; }

    public int? PerHostConcurrency { get; init; }

    public double? RequestsPerSecond { get; init; }

    public FetchPriority? Priority { get; init; }

    public string? Label { get; init; }

    /// <summary>The label is given up.</summary>
    public bool NoLabel { get; init; }

    /// <summary>Reads the members; to be used only when <paramref name="body"/> has no faults.</summary>
    public static FetchChange Read(JsonObjectReader body, FetchSettings limits)
    {
        foreach (string name in (string[])["concurrency", "perHost", "priority"])
        {
            if (body.Names(name) && !body.Has(name))
            {
                body.Fault(name, "must not be null; left out, it stays as it is");
            }
        }

        JsonObjectReader? perHost = body.Object("perHost");
        FetchChange change = new()
        {
            Concurrency = body.Int32("concurrency", 1, FetchLimitRanges.Concurrency) is { } asked ? limits.EffectiveConcurrency(asked) : null,
            PerHostConcurrency = perHost?.Int32("concurrency", 1, FetchLimitRanges.PerHostConcurrency) is { } askedPerHost
                ? limits.EffectivePerHostConcurrency(askedPerHost)
                : null,
            RequestsPerSecond = perHost?.Double("requestsPerSecond", 0, FetchLimitRanges.RequestsPerSecond),
            Priority = body.Enum<FetchPriority>("priority"),
            NoLabel = body.Names("label") && !body.Has("label"),
            Label = body.String("label", FetchLimitRanges.LabelLength),
        };
        perHost?.Complete();
        body.Complete();
        return change;
    }

    public FetchOptionsView ApplyTo(FetchOptionsView options) => options with
    {
        Concurrency = Concurrency ?? options.Concurrency,
        PerHost = new PerHostView(PerHostConcurrency ?? options.PerHost.Concurrency, RequestsPerSecond ?? options.PerHost.RequestsPerSecond),
    };
}

/// <summary>The contract's limits of what can be set at submission and changed later.</summary>
internal static class FetchLimitRanges
{
    public const int Concurrency = 5_000;
    public const int PerHostConcurrency = 1_000;
    public const double RequestsPerSecond = 10_000;
    public const int LabelLength = 200;
}
