using System.Globalization;
using AsyncApi.Jobs;
using AsyncApi.Storage;
using Microsoft.Extensions.Options;

namespace AsyncApi.Home;

/// <summary>Asks each part of the service whether it can do its work.</summary>
internal sealed class Readiness(
    Database database, DataFolder folder, LoopHealth loops, RunningJobs running, IHostApplicationLifetime lifetime, IOptions<StorageOptions> options,
    TimeProvider time)
{
    private const long MiB = 1024 * 1024;

    // Whoever asks wants an answer soon: a writer that takes longer is as good as none.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<HealthReport> CheckAsync(CancellationToken token) => HealthReport.Of(new Dictionary<string, HealthCheck>
    {
        ["database"] = await CheckDatabaseAsync(token),
        ["worker"] = CheckLoops(),
        ["disk"] = CheckDisk(),
    });

    private async Task<HealthCheck> CheckDatabaseAsync(CancellationToken token)
    {
        long began = time.GetTimestamp();
        using CancellationTokenSource patience = new(Patience, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, token);
        try
        {
            await database.WriteAsync((_, _) => ValueTask.CompletedTask, either.Token).WaitAsync(either.Token);
            double elapsed = time.GetElapsedTime(began).TotalMilliseconds;
            return HealthCheck.Of(ok: true, string.Create(CultureInfo.InvariantCulture, $"A commit takes {elapsed:0.0} ms."));
        }
#pragma warning disable CA1031 // Whatever it is, the database can't be written, and that is the answer.
        catch (Exception failure) when (!token.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return HealthCheck.Of(ok: false, failure is OperationCanceledException ? "A commit takes over 2 s." : "A commit failed; the log says more.");
        }
    }

    private HealthCheck CheckLoops() => loops.Troubled switch
    {
        // A connection from before the stop can still ask.
        _ when lifetime.ApplicationStopping.IsCancellationRequested => HealthCheck.Of(ok: false, "The service stops; no job is begun."),
        [] => HealthCheck.Of(ok: true, $"{running.Count} jobs are running."),
        var troubled => HealthCheck.Of(ok: false, $"These loops do not turn: {string.Join(", ", troubled)}."),
    };

    private HealthCheck CheckDisk()
    {
        long free = new DriveInfo(folder.Root).AvailableFreeSpace;
        long floor = options.Value.DiskFloorMegabytes * MiB;
        return HealthCheck.Of(free >= floor, $"{free / MiB} MiB are free.");
    }
}
