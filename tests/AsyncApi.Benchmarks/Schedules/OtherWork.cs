using System.Diagnostics;
using System.Net.Http.Json;
using System.Runtime.InteropServices;

namespace AsyncApi.Benchmarks.Schedules;

/// <summary>A call of another client: when it should have begun, and how long after that it was answered.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct OtherCall(DateTimeOffset Intended, double Milliseconds);

/// <summary>
/// What other clients ask meanwhile, at a steady rate: each call begins on time whatever became of those before, and its latency
/// counts from then.
/// </summary>
internal sealed class OtherWork : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _ended = new();
    private readonly HttpClient _client;
    private readonly Uri _target;
    private readonly Task<OtherCall[]> _reads;
    private readonly Task<OtherCall[]> _submissions;

    /// <param name="target">What the small fetches ask for.</param>
    public OtherWork(Uri service, Uri target)
    {
        _client = new HttpClient { BaseAddress = service };
        _target = target;
        _reads = CallAsync(ReadAsync);
        _submissions = CallAsync(SubmitAsync);
    }

    /// <summary>Ends it; gives the calls of <c>GET /items</c> and of <c>POST /fetches</c>.</summary>
    public async Task<(OtherCall[] Reads, OtherCall[] Submissions)> EndAsync()
    {
        await _ended.CancelAsync();
        return (await _reads, await _submissions);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _client.Dispose();
        _ended.Dispose();
    }

    private async Task<OtherCall[]> CallAsync(Func<Task> call)
    {
        List<Task<OtherCall>> calls = [];
        DateTimeOffset start = TimeProvider.System.GetUtcNow();
        while (!_ended.IsCancellationRequested)
        {
            DateTimeOffset intended = start + (calls.Count * Interval);
            TimeSpan early = intended - TimeProvider.System.GetUtcNow();
            if (early > TimeSpan.Zero)
            {
                await Task.Delay(early, TimeProvider.System, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            calls.Add(Task.Run(() => MeasureAsync(call, intended)));
        }

        return await Task.WhenAll(calls);
    }

    private static async Task<OtherCall> MeasureAsync(Func<Task> call, DateTimeOffset intended)
    {
        TimeSpan late = TimeProvider.System.GetUtcNow() - intended;
        long begun = Stopwatch.GetTimestamp();
        await call();
        return new OtherCall(intended, (late + Stopwatch.GetElapsedTime(begun)).TotalMilliseconds);
    }

    private async Task ReadAsync()
    {
        using HttpResponseMessage answer = await _client.GetAsync(new Uri("/items?limit=50", UriKind.Relative), CancellationToken.None);
        answer.EnsureSuccessStatusCode();
    }

    private async Task SubmitAsync()
    {
        using HttpResponseMessage answer = await _client.PostAsJsonAsync("/fetches", new { urls = new[] { _target }, label = "other" }, CancellationToken.None);
        answer.EnsureSuccessStatusCode();
    }
}
