using System.Collections.Concurrent;
using System.Globalization;
using AsyncApi.Fetching.Sending;
using AsyncApi.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AsyncApi.Fetching.Tests;

public sealed class RetryAfterTests
{
    // A Thursday.
    private static readonly ManualTime Noon = new(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("0", 0)]
    [InlineData("120", 120)]
    [InlineData(" 7 ", 7)]
    [InlineData("99999999999999999999", 31_622_400)]
    [InlineData("Thu, 01 Jan 2026 12:00:30 GMT", 30)]
    [InlineData("Thursday, 01-Jan-26 12:00:30 GMT", 30)]
    [InlineData("Thu Jan  1 12:00:30 2026", 30)]
    [InlineData("Thu, 01 Jan 2026 11:00:00 GMT", 0)]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT", 31_622_400)]
    public void Value_in_either_form_is_read(string value, int seconds) => Read(value).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("soon")]
    [InlineData("Thu, 01 Jan 2026 25:00:00 GMT")]
    public void Value_in_no_form_is_none(string value) => Read(value).ShouldBeNull();

    [Fact]
    public async Task Date_is_never_early()
    {
        ConcurrentQueue<(DateTimeOffset Came, DateTimeOffset Asked)> hits = [];
        await using TargetServer target = await TargetServer.StartAsync(app => app.Map("/date", (HttpContext context) =>
        {
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            DateTimeOffset whole = new(now.Year, now.Month, now.Day, now.Hour, now.Minute, now.Second, TimeSpan.Zero);
            hits.Enqueue((now, whole.AddSeconds(2)));
            context.Response.StatusCode = 503;
            context.Response.Headers.RetryAfter = whole.AddSeconds(2).ToString("R", CultureInfo.InvariantCulture);
        }));
        await using FetchEngine engine = Loopback.Engine();

        FetchResult result = await engine.OneAsync(Loopback.Post(target.Url("date"), "body"), new FetchOptions { Retry = new RetryOptions { MaxRetries = 1 } });

        (DateTimeOffset Came, DateTimeOffset Asked)[] seen = [.. hits];
        (result.Attempts, seen.Length).ShouldBe((2, 2));
        seen[1].Came.ShouldBeGreaterThanOrEqualTo(seen[0].Asked);
        result.Timeline[1].WaitedFor.ShouldBe(FetchWaitReason.RetryAfter);
    }

    [Theory]
    [InlineData("GET", "", "", "job-0")]
    [InlineData("POST", "", "", "job-0")]
    [InlineData("POST", "mine", "", "mine")]
    [InlineData("POST", "", "shared", "shared")]
    public async Task Idempotency_key_is_the_same_on_every_attempt_and_the_requests_own_wins(string method, string own, string shared, string sent)
    {
        ConcurrentQueue<string> keys = [];
        await using TargetServer target = await TargetServer.StartAsync(app => app.Map("/key", (HttpContext context) =>
        {
            keys.Enqueue(context.Request.Headers["Idempotency-Key"].ToString());
            context.Response.StatusCode = 500;
        }));
        await using FetchEngine engine = Loopback.Engine();
        FetchRequest request = Loopback.Get(target.Url("key")) with { Method = new HttpMethod(method), Headers = KeyHeader(own) };

        await engine.OneAsync(request, new FetchOptions { IdempotencyKeyPrefix = "job", Headers = KeyHeader(shared), Retry = Loopback.QuickRetries });

        keys.ShouldBe([sent, sent, sent, sent]);
    }

    private static FetchHeaders KeyHeader(string value) => value.Length == 0 ? FetchHeaders.None : Loopback.Headers(("Idempotency-Key", value));

    private static TimeSpan? Read(string value)
    {
        using HttpResponseMessage response = new();
        response.Headers.TryAddWithoutValidation("Retry-After", value);
        return RetryAfter.Of(response, Noon);
    }
}
