using AsyncApi.Patterns.Processes;
using AsyncApi.TestSupport;

namespace AsyncApi.Patterns.Tests.Processes;

public sealed class WorkerPoolTests : IAsyncDisposable
{
    private readonly WorkerPool _pool = new(RunUnderTest.WorkerCommand, size: 1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _pool.DisposeAsync();

    [Fact]
    public async Task Worker_is_used_again_also_after_its_work_has_thrown()
    {
        int first = await IdAsync();

        WorkerFailedException failure = await Should.ThrowAsync<WorkerFailedException>(
            _pool.UseAsync(worker => worker.CallAsync<int>("no such work", 0, Token), Token));

        failure.Message.ShouldContain("no such work");
        (await IdAsync()).ShouldBe(first);
        (await _pool.UseAsync(worker => worker.CallAsync<int>(WorkerWork.Prime, 1000, Token), Token)).ShouldBe(7919);
    }

    [Fact]
    public async Task Worker_that_crashes_fails_its_call_clearly_and_is_replaced()
    {
        int first = await IdAsync();

        WorkerCrashedException crash = await Should.ThrowAsync<WorkerCrashedException>(
            _pool.UseAsync(worker => worker.CallAsync<int>(WorkerWork.Crash, 0, Token), Token));

        crash.Message.ShouldBe("process 1 ended with exit code 3 before it had answered \"crash\".");
        (await IdAsync()).ShouldNotBe(first);
    }

    [Fact]
    public async Task Call_over_its_time_is_killed_and_the_worker_replaced()
    {
        ManualTime time = new();
        int first = await IdAsync();
        Task<int> hanging = _pool.UseAsync(worker => worker.CallAsync<int>(WorkerWork.Hang, 0, TimeSpan.FromSeconds(1), time, Token), Token);
        await Eventually.Until(() => time.ActiveTimers == 1);

        time.Advance(TimeSpan.FromSeconds(1));

        (await Should.ThrowAsync<TimeoutException>(hanging)).Message.ShouldBe("\"hang\" took longer than 1 s; process 1 was killed.");
        Life.IsAlive(first).ShouldBeFalse();
        (await IdAsync()).ShouldNotBe(first);
    }

    [Fact]
    public async Task Call_that_is_cancelled_leaves_no_process()
    {
        using CancellationTokenSource cancel = new();
        int first = await IdAsync();
        Task<int> hanging = _pool.UseAsync(worker => worker.CallAsync<int>(WorkerWork.Hang, 0, cancel.Token), Token);

        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(hanging);
        Life.IsAlive(first).ShouldBeFalse();
    }

    [Fact]
    public async Task Dispose_ends_the_workers()
    {
        WorkerPool other = new(RunUnderTest.WorkerCommand, size: 1);
        int id = await other.UseAsync(worker => Task.FromResult(worker.Id), Token);
        Life.IsAlive(id).ShouldBeTrue();

        await other.DisposeAsync();

        Life.IsAlive(id).ShouldBeFalse();
    }

    private Task<int> IdAsync() => _pool.UseAsync(worker => Task.FromResult(worker.Id), Token);
}
