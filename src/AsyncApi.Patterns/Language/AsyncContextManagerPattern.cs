using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AsyncApi.Patterns.Language;

internal sealed record AsyncContextManagerParameters
{
    [Description("How long opening takes."), Range(0, 2)]
    public double OpenSeconds { get; init; } = 0.2;

    [Description("How long closing takes."), Range(0, 2)]
    public double CloseSeconds { get; init; } = 0.2;
}

internal sealed class AsyncContextManagerPattern() : Pattern<AsyncContextManagerParameters>(
    "async-context-manager",
    "Open, use, close",
    "What was opened is closed when the block is left, whether by success, failure or cancellation, and the block ends only after that.",
    asyncio: "async with",
    dotnet: "await using, IAsyncDisposable")
{
    private const double UseSeconds = 0.3;

    protected override async Task<object?> RunAsync(AsyncContextManagerParameters parameters, PatternRun run, CancellationToken token)
    {
        using CancellationTokenSource cancelled = CancellationTokenSource.CreateLinkedTokenSource(token);
        Task success = UseAsync("success", inner => run.Delay(UseSeconds, inner), token);
        Task failure = UseAsync("failure", _ => throw new InvalidOperationException("failed while in use"), token);
        Task cancellation = UseAsync("cancellation", async inner =>
        {
            await cancelled.CancelAsync();
            await run.Delay(UseSeconds, inner);
        }, cancelled.Token);

        foreach (Task use in (Task[])[success, failure, cancellation])
        {
            await use.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        token.ThrowIfCancellationRequested();
        return new[] { success.Status, failure.Status, cancellation.Status };

        Task UseAsync(string task, Func<CancellationToken, Task> use, CancellationToken useToken) => run.SpanAsync(
            task,
            async inner =>
            {
                await using Connection connection = await Connection.OpenAsync(run, task, parameters, inner);
                await use(inner);
            },
            useToken);
    }

    private sealed class Connection(PatternRun run, string task, double closeSeconds) : IAsyncDisposable
    {
        public static async Task<Connection> OpenAsync(
            PatternRun run, string task, AsyncContextManagerParameters parameters, CancellationToken token)
        {
            await run.Delay(parameters.OpenSeconds, token);
            run.Event(task, "open");
            return new Connection(run, task, parameters.CloseSeconds);
        }

        public async ValueTask DisposeAsync()
        {
            // No token: what cancels the block must not cancel its clean-up.
            await run.Delay(closeSeconds, CancellationToken.None);
            run.Event(task, "closed");
        }
    }
}
