using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AsyncApi.Patterns.Coordination;

internal sealed record SemaphoreParameters
{
    [Description("How many want to work."), Range(1, 64)]
    public int Workers { get; init; } = 10;

    [Description("How many may work at once."), Range(1, 64)]
    public int AtOnce { get; init; } = 3;

    [Description("How long each works, in seconds."), Range(0.0, 5.0)]
    public double Work { get; init; } = 1;

    [Description("The worker that fails, counted from 1; 0 for none."), Range(0, 64)]
    public int FailAt { get; init; }
}

internal sealed class SemaphorePattern() : Pattern<SemaphoreParameters>(
    "semaphore",
    "At most n at once",
    "Never more than the count are inside, and a place is given back however its worker ends.",
    asyncio: "asyncio.Semaphore",
    dotnet: "SemaphoreSlim")
{
    protected override async Task<object?> RunAsync(SemaphoreParameters parameters, PatternRun run, CancellationToken token)
    {
        using SemaphoreSlim places = new(parameters.AtOnce);
        return await Task.WhenAll(Enumerable.Range(1, parameters.Workers).Select(WorkerAsync));

        async Task<string> WorkerAsync(int number)
        {
            // Outside the try: who was cancelled while waiting has no place to give back.
            await places.WaitAsync(token);
            try
            {
                return await run.SpanAsync($"worker {number}", inner => WorkAsync(number, inner), token);
            }
            finally
            {
                places.Release();
            }
        }

        async Task<string> WorkAsync(int number, CancellationToken inner)
        {
            await run.Delay(parameters.Work, inner);
            return number == parameters.FailAt ? throw new InvalidOperationException($"worker {number} failed") : $"worker {number} done";
        }
    }
}
