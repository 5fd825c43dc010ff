using System.Diagnostics.Metrics;
using AsyncApi.Storage;

namespace AsyncApi.Tests.Storage;

/// <summary>Meters that belong to no service: services of other tests in this process don't count what is measured here.</summary>
internal sealed class OwnMeters : IMeterFactory
{
    public static StorageMetrics Storage() => new(new OwnMeters());

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        return new Meter(options);
    }

    public void Dispose()
    {
        // Nobody listens.
    }
}
