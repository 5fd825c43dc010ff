using System.Diagnostics.Metrics;
using AsyncApi.Http.Input;

namespace AsyncApi.Callbacks;

/// <summary>What operators see of callbacks.</summary>
internal sealed class CallbackMetrics
{
    private readonly Counter<long> _tries;
    private readonly Counter<long> _ended;

    public CallbackMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(nameof(AsyncApi));
        _tries = meter.CreateCounter<long>("asyncapi.callbacks.tries", "{try}", "Tries to tell a receiver, by what came of them");
        _ended = meter.CreateCounter<long>("asyncapi.callbacks.ended", "{callback}", "Callbacks that were delivered or given up");
    }

    public void Tried(TryAnswer answer) =>
        _tries.Add(1, new KeyValuePair<string, object?>("result", answer switch
        {
            { IsHeard: true } => "heard",
            { HttpStatus: not null } => "refused",
            { Duration: not null } => "unanswered",
            _ => "unsent",
        }));

    public void Ended(DeliveryStatus status) =>
        _ended.Add(1, new KeyValuePair<string, object?>("status", EnumNames<DeliveryStatus>.Of(status)));
}
