using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AsyncApi.Patterns.Language;

internal sealed record ContextVariablesParameters
{
    [Description("How many requests are handled at once."), Range(1, 50)]
    public int Requests { get; init; } = 3;

    [Description("How long each takes."), Range(0, 2)]
    public double Seconds { get; init; } = 0.3;
}

internal sealed record ContextVariablesResult(IReadOnlyList<string?> Seen, string? Caller);

internal sealed class ContextVariablesPattern() : Pattern<ContextVariablesParameters>(
    "context-variables",
    "A value that belongs to a flow of calls",
    "Each request sets its id and sees it in every call below, however the waits interleave; the caller's own value is as before.",
    asyncio: "contextvars.ContextVar",
    dotnet: "AsyncLocal")
{
    private static readonly AsyncLocal<string?> RequestId = new();

    protected override async Task<object?> RunAsync(ContextVariablesParameters parameters, PatternRun run, CancellationToken token)
    {
        RequestId.Value = "caller";
        string?[] seen = await Task.WhenAll(Enumerable.Range(1, parameters.Requests)
            .Select(number => run.SpanAsync($"request {number}", inner => HandleAsync(number, inner), token)));
        return new ContextVariablesResult(seen, RequestId.Value);

        // What an async method sets is gone when it returns to its caller; what it was given goes down with every call.
        async Task<string?> HandleAsync(int number, CancellationToken inner)
        {
            RequestId.Value = $"id {number}";
            await run.Delay(parameters.Seconds, inner);
            return await QueryAsync(number, inner);
        }

        async Task<string?> QueryAsync(int number, CancellationToken inner)
        {
            await run.Delay(parameters.Seconds, inner);
            run.Event($"request {number}", $"sees {RequestId.Value}");
            return RequestId.Value;
        }
    }
}
