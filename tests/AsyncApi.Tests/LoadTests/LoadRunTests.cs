using AsyncApi.LoadTests;
using AsyncApi.TestSupport;

namespace AsyncApi.Tests.LoadTests;

/// <summary>When requests start and what is measured, in virtual time.</summary>
public sealed class LoadRunTests
{
    private static readonly LoadAnswer Ok = new(200, 100);

    private readonly ManualTime _time = new();
    private readonly List<TimeSpan> _starts = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(10, 3)]
    [InlineData(2, 5)]
    public async Task Closed_model_keeps_so_many_in_flight_and_sends_each_once(int requests, int concurrency)
    {
        int most = 0;
        int running = 0;
        LoadRun run = Run(Plan(requests, concurrency), async token =>
        {
            most = Math.Max(most, ++running);
            await Task.Delay(TimeSpan.FromMilliseconds(20), _time, token);
            running--;
            return Ok;
        });

        await PlayAsync(run, Token);

        most.ShouldBe(Math.Min(requests, concurrency));
        _starts.Count.ShouldBe(requests);
        LoadFigures figures = run.Figures;
        (figures.Requests, figures.Succeeded, figures.StartedLate).ShouldBe((requests, requests, 0));
        figures.LatencyMs!.Max.ShouldBe(20);
        figures.ElapsedSeconds.ShouldBe(0.02 * Math.Ceiling(requests / (double)concurrency), 0.0001);
        figures.RequestsPerSecond.ShouldBe(Math.Round(requests / figures.ElapsedSeconds, 1));
    }

    [Fact]
    public async Task Open_model_starts_on_time_whatever_the_answers_do()
    {
        LoadRun run = Run(Plan(10, 10, rate: 20), async token =>
        {
            await Task.Delay(TimeSpan.FromSeconds(30), _time, token);
            return Ok;
        });

        await PlayAsync(run, Token);

        _starts.ShouldBe(Enumerable.Range(0, 10).Select(i => TimeSpan.FromMilliseconds(i * 50)));
        run.Figures.LatencyMs!.Min.ShouldBe(30_000);
        run.Figures.StartedLate.ShouldBe(0);
    }

    [Fact]
    public async Task Open_model_counts_latency_from_when_a_request_was_to_start()
    {
        // The first answer takes a second and keeps the only connection; the nine behind it were to start meanwhile.
        LoadRun run = Run(Plan(10, 1, rate: 10), async token =>
        {
            if (_starts.Count == 1)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), _time, token);
            }

            return Ok;
        });

        await PlayAsync(run, Token);

        LoadFigures figures = run.Figures;
        figures.StartedLate.ShouldBe(9);
        (figures.LatencyMs!.Max, figures.LatencyMs.Min, figures.LatencyMs.Mean).ShouldBe((1_000, 100, 550));
    }

    [Theory]
    [InlineData(9, 0)]
    [InlineData(11, 11)]
    public async Task Lateness_of_a_timer_is_no_latency_but_a_stall_is(int lateMilliseconds, double measured)
    {
        LateTime late = new(_time, TimeSpan.FromMilliseconds(lateMilliseconds));
        LoadRun run = new(Plan(2, 2, rate: 1), _ => new ValueTask<LoadAnswer>(Ok), late);

        await PlayAsync(run, Token);

        run.Figures.LatencyMs!.Max.ShouldBe(measured);
        run.Figures.StartedLate.ShouldBe(0);
    }

    [Theory]
    [InlineData(null, 5)]
    [InlineData(10.0, 10)]
    public async Task Nothing_starts_after_the_duration_and_what_is_in_flight_ends(double? rate, int sent)
    {
        LoadRun run = Run(Plan(1_000, 1, seconds: 1, rate), async token =>
        {
            await Task.Delay(TimeSpan.FromSeconds(rate is null ? 0.21 : 0.01), _time, token);
            return Ok;
        });

        await PlayAsync(run, Token);

        _starts.Count.ShouldBe(sent);
        run.Figures.Requests.ShouldBe(sent);
        _starts[^1].ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Cut_run_keeps_what_it_has_come_to()
    {
        using CancellationTokenSource cut = CancellationTokenSource.CreateLinkedTokenSource(Token);
        LoadRun run = Run(Plan(10, 2), async token =>
        {
            // From the fifth on the target hangs, and the clock stands still.
            await Task.Delay(_starts.Count > 4 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(1), _time, token);
            return Ok;
        });
        Task playing = PlayAsync(run, cut.Token);
        await Eventually.Until(() => run.Figures.Requests == 4);

        await cut.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(playing);
        (run.Figures.Requests, run.Figures.ElapsedSeconds).ShouldBe((4, 2));
    }

    private static LoadPlan Plan(int requests, int concurrency, double seconds = 60, double? rate = null) => new()
    {
        Url = "http://target/",
        Requests = requests,
        Concurrency = concurrency,
        DurationSeconds = seconds,
        RequestsPerSecond = rate,
    };

    /// <summary>A run that notes when each request starts, from the first one's start.</summary>
    private LoadRun Run(LoadPlan plan, Func<CancellationToken, ValueTask<LoadAnswer>> send) => new(
        plan,
        token =>
        {
            _starts.Add(_time.GetElapsedTime(0));
            return send(token);
        },
        _time);

    // On a thread of the pool, where what a timer wakes runs on before it returns: nothing is left to chance.
    private Task PlayAsync(LoadRun run, CancellationToken token) => Task.Run(
        () =>
        {
            Task running = run.RunAsync(token);
            while (!running.IsCompleted && _time.AdvanceToNextTimer())
            {
                // The next one.
            }

            return running;
        },
        Token);

    /// <summary>A clock whose timers ring late.</summary>
    private sealed class LateTime(ManualTime time, TimeSpan by) : TimeProvider
    {
        public override long TimestampFrequency => time.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

        public override long GetTimestamp() => time.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            time.CreateTimer(callback, state, dueTime + by, period);
    }
}
