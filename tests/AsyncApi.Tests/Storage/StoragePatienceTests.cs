using AsyncApi.Storage;
using AsyncApi.Tests.Http;
using AsyncApi.TestSupport;
using Microsoft.Extensions.Logging;

namespace AsyncApi.Tests.Storage;

public sealed class StoragePatienceTests
{
    private readonly ManualTime _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Many_who_wait_for_the_same_are_one_line_a_minute_of_the_log()
    {
        using CapturedLog log = new();
        using ILoggerFactory loggers = LoggerFactory.Create(logging => logging.AddProvider(log));
        StoragePatience patience = new(_time, loggers.CreateLogger<StoragePatience>());
        Exception? why = new StorageUnavailableException(null);

        Task<int>[] waiting = [.. Enumerable.Range(0, 20).Select(i => patience.RunAsync(_ => why is null ? Task.FromResult(i) : throw why, Token).AsTask())];
        await LookAsync(59);
        log.Lines.Count().ShouldBe(1);
        await LookAsync(2);
        log.Lines.Count().ShouldBe(2);
        why = new StorageFullException(new IOException());
        await LookAsync(5);
        log.Lines.Count().ShouldBe(3);
        why = null;
        await LookAsync(1, left: 0);

        (await Task.WhenAll(waiting)).ShouldBe(Enumerable.Range(0, 20));
        log.Lines.Select(static line => line.Text).ShouldBe(
        [
            "What is to be written or read waits: The database is not available.",
            "What is to be written or read waits: The database is not available.",
            "What is to be written or read waits: The storage is full.",
        ]);
    }

    // All of them look once a second.
    private async Task LookAsync(int seconds, int left = 20)
    {
        for (int i = 0; i < seconds; i++)
        {
            await Eventually.Until(() => _time.ActiveTimers == 20);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        await Eventually.Until(() => _time.ActiveTimers == left);
    }
}
