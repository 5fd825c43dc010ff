using AsyncApi.Fetching;

namespace AsyncApi.Hosts;

/// <summary>Tells the engine, before any job runs, what an earlier process knew of hosts.</summary>
internal sealed class HostStartup(FetchEngine engine, HostStore store, HostControl control, TimeProvider time) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await control.RefreshAsync(cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        foreach (HostHoldRow row in await store.ReadHoldsAsync(now, cancellationToken))
        {
            engine.Hold(HostKey.Of(new Uri(row.Host)), row.Until - now);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
