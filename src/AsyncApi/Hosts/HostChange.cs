using AsyncApi.Fetching;
using AsyncApi.Http.Input;

namespace AsyncApi.Hosts;

/// <summary>What a PATCH of a host asks for.</summary>
internal sealed record HostChange
{
    public const int MaxConcurrency = 5_000;
    public const double MaxRequestsPerSecond = 10_000;

    private bool _setsConcurrency;
    private int? _concurrency;
    private bool _setsRate;
    private double _requestsPerSecond;

    /// <summary>Reads the members; to be used only when <paramref name="body"/> has no faults.</summary>
    public static HostChange Read(JsonObjectReader body)
    {
        HostChange change = new()
        {
            _setsConcurrency = body.Names("concurrency"),
            _concurrency = body.Int32("concurrency", 1, MaxConcurrency),
            _setsRate = body.Names("requestsPerSecond"),
            _requestsPerSecond = body.Double("requestsPerSecond", 0, MaxRequestsPerSecond) ?? 0,
        };
        body.Complete();
        return change;
    }

    public HostLimits ApplyTo(HostLimits limits) => new(
        _setsConcurrency ? _concurrency : limits.Concurrency,
        _setsRate ? _requestsPerSecond : limits.RequestsPerSecond);
}
