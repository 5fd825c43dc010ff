using System.Net;
using System.Security.Cryptography.X509Certificates;
using AsyncApi.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AsyncApi.Fetching.Tests;

public sealed class TimelineTests : IAsyncLifetime
{
    private readonly FetchEngine _engine = Loopback.Engine();
    private TargetServer _target = null!;

    public async ValueTask InitializeAsync() => _target = await TargetServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _target.DisposeAsync();
    }

    [Fact]
    public async Task Attempts_tell_where_they_were_connected_on_a_new_connection_and_an_open_one()
    {
        for (int i = 0; i < 2; i++)
        {
            FetchResult result = await _engine.OneAsync(_target.Url("ok/1"));

            FetchAttempt attempt = result.Timeline.ShouldHaveSingleItem();
            attempt.Address.ShouldBe(new IPEndPoint(IPAddress.Loopback, _target.Address.Port));
            (attempt.Status, attempt.Reason).ShouldBe((200, FetchReason.None));
            attempt.FirstByte.ShouldNotBeNull().ShouldBeInRange(TimeSpan.FromTicks(1), attempt.Duration);
            attempt.Duration.ShouldBe(result.Duration);
            attempt.StartedAt.ShouldBe(result.StartedAt);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Attempts_on_open_connections_tell_each_its_own(bool overTls)
    {
        using X509Certificate2 certificate = Http2Tests.Certificate();
        Pairs pairs = new();
        await using TargetServer target = await TargetServer.StartAsync(
            app => app.Map("/meet", async context =>
            {
                await pairs.MeetAsync();
                await context.Response.WriteAsync(context.Connection.LocalIpAddress!.ToString(), context.RequestAborted);
            }),
            endpoint =>
            {
                endpoint.Protocols = HttpProtocols.Http1;
                if (overTls)
                {
                    endpoint.UseHttps(certificate);
                }
            },
            IPAddress.Any);
        int lookups = 0;
        await using FetchEngine engine = Http2Tests.Engine(certificate, () => new IPAddress([127, 0, 0, (byte)Interlocked.Increment(ref lookups)]));
        string url = $"{(overTls ? "https" : "http")}://a.test:{target.Address.Port}/meet";

        for (int i = 0; i < 10; i++)
        {
            List<FetchResult> results = await engine.AllAsync([Loopback.Get(url, 0), Loopback.Get(url, 1)], new FetchOptions { Retry = Loopback.NoRetries });

            results.Select(static result => result.Text()).Distinct().Count().ShouldBe(2);
            results.ShouldAllBe(static result => result.Timeline.Single().Address!.Address.ToString() == result.Text());
        }
    }

    [Fact]
    public async Task Attempt_that_times_out_tells_where_it_was_connected_and_no_first_byte()
    {
        FetchResult result = await _engine.OneAsync(
            _target.Url("delay/600000"), new FetchOptions { Timeout = TimeSpan.FromSeconds(0.3), Retry = Loopback.NoRetries });

        FetchAttempt attempt = result.Timeline.ShouldHaveSingleItem();
        (attempt.Reason, attempt.FirstByte, attempt.Address?.Port).ShouldBe((FetchReason.Timeout, null, _target.Address.Port));
    }

    [Fact]
    public async Task Every_attempt_has_its_line()
    {
        FetchResult result = await _engine.OneAsync(_target.Url("status/500"), new FetchOptions { Retry = new RetryOptions { BaseDelay = TimeSpan.FromMilliseconds(1) } });

        result.Timeline.Select(static attempt => attempt.Status).ShouldBe([500, 500, 500, 500]);
        result.Timeline.Skip(1).ShouldAllBe(static attempt => attempt.WaitedFor == FetchWaitReason.Retry);
        TimeSpan sum = result.Timeline.Aggregate(TimeSpan.Zero, static (all, attempt) => all + attempt.Waited);
        sum.ShouldBe(result.Waited);
    }

    [Fact]
    public async Task Redirects_that_were_followed_are_told()
    {
        string end = _target.Url("ok/1");

        FetchResult result = await _engine.OneAsync(_target.Url($"redirect-to?url={Uri.EscapeDataString(end)}"));

        FetchRedirect redirect = result.Timeline.ShouldHaveSingleItem().Redirects.ShouldHaveSingleItem();
        (redirect.Status, redirect.Url.AbsoluteUri).ShouldBe((302, end));
    }

    [Fact]
    public async Task Blocked_attempt_tells_no_address()
    {
        await using FetchEngine strict = new();

        FetchResult result = await strict.OneAsync(_target.Url("ok/1"));

        FetchAttempt attempt = result.Timeline.ShouldHaveSingleItem();
        (attempt.Reason, attempt.Address).ShouldBe((FetchReason.Blocked, null));
    }

    /// <summary>Requests wait here for each other, two at a time: so they go over two connections.</summary>
    private sealed class Pairs
    {
        private readonly Lock _gate = new();
        private TaskCompletionSource? _first;

        public Task MeetAsync()
        {
            lock (_gate)
            {
                if (_first is null)
                {
                    _first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    return _first.Task;
                }

                _first.SetResult();
                _first = null;
                return Task.CompletedTask;
            }
        }
    }
}
