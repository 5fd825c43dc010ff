using System.Globalization;
using AsyncApi.TestSupport;
using Microsoft.AspNetCore.Builder;

namespace AsyncApi.CrashTests;

/// <summary>A fetch of which some requests are answered after a moment and the others not before they are let, and what must be true of it.</summary>
internal sealed class HungFetch : IAsyncDisposable
{
    private const int Answered = 400;
    private const int Hung = 20;
    private const int Concurrency = 40;

    private readonly TaskCompletionSource _let = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HungFetch()
    {
    }

    public TargetServer Target { get; private set; } = null!;

    public string Path { get; private set; } = null!;

    /// <summary>Submits it; returns when all that hang are sent and some of the others are done.</summary>
    public static async Task<HungFetch> StartAsync(RestartableService service)
    {
        HungFetch fetch = new();
        fetch.Target = await TargetServer.StartAsync(app =>
        {
            app.Map("/hung/{i}", async context => await fetch._let.Task.WaitAsync(context.RequestAborted));
            app.Map("/late/{i}", context => Task.Delay(30, context.RequestAborted));
        });
        string[] urls =
        [
            .. Enumerable.Range(0, Hung).Select(i => fetch.Target.Url($"hung/{i}")),
            .. Enumerable.Range(0, Answered).Select(i => fetch.Target.Url($"late/{i}")),
        ];
        fetch.Path = await service.Client.SubmitAsync(urls, $"?concurrency={Concurrency}&perHost.concurrency={Concurrency}");
        await Eventually.Until(async () => fetch.Hits("hung") >= Hung && (await service.Client.ReadAsync(fetch.Path)).Count("succeeded") > 0);
        return fetch;
    }

    /// <summary>How many requests the target got of a kind, <c>hung</c> or <c>late</c>.</summary>
    public int Hits(string kind) =>
        Target.AllHits.Where(hit => hit.Key.StartsWith($"/{kind}/", StringComparison.Ordinal)).Sum(hit => hit.Value);

    /// <summary>Lets those that hang be answered from now on, and holds that the fetch comes to its end with one result each.</summary>
    /// <param name="service">Started again.</param>
    /// <param name="repeats">Whether requests that had no result yet may have been sent again; what hung is sent again in any case.</param>
    public async Task ShouldCompleteAsync(RestartableService service, bool repeats)
    {
        int sent = Hits("late");
        int recorded = (await service.Client.ReadAsync(Path)).Count("succeeded");
        _let.TrySetResult();
        (await service.Client.UntilOverAsync(Path)).Status().ShouldBe("completed");
        ResumingReader results = await service.Client.ReadAllAsync(Path);
        results.Results.Select(result => result.GetProperty("index").GetInt32()).Order().ShouldBe(Enumerable.Range(0, Hung + Answered));
        results.Results.ShouldAllBe(result => result.GetProperty("outcome").GetString() == "succeeded");
        int again = Hits("late") - Answered;
        again.ShouldBeLessThanOrEqualTo(repeats ? sent - recorded : 0, string.Create(CultureInfo.InvariantCulture, $"{sent} sent, {recorded} recorded"));
    }

    public ValueTask DisposeAsync() => Target.DisposeAsync();
}
