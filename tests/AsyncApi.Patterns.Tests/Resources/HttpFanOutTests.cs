using AsyncApi.Patterns.Resources;
using AsyncApi.TestSupport;

namespace AsyncApi.Patterns.Tests.Resources;

public sealed class HttpFanOutTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task Never_more_at_once_than_allowed_and_a_failure_takes_no_other_along()
    {
        PatternOutcome outcome = await RunAsync(new HttpFanOutParameters { Urls = 20, Concurrency = 10, MissingEvery = 7 });

        HttpFanOutResult result = outcome.Result.ShouldBeOfType<HttpFanOutResult>(outcome.Error?.Message);
        result.MostAtOnce.ShouldBe(10);
        result.TogetherMs.ShouldBe(200);
        result.OneByOneMs.ShouldBe(2000);
        result.Fetched.Select((url, index) => (url, Number: index + 1)).Where(one => one.url.Error is not null)
            .Select(one => (one.Number, one.url.Error)).ShouldBe([(7, "not found"), (14, "not found")]);
        result.Fetched.Count(url => url.Length == 27).ShouldBe(18);
    }

    [Fact]
    public async Task Error_that_is_none_of_http_ends_the_run()
    {
        PatternOutcome outcome = await RunUnderTest.LiveAsync("http-fan-out");

        outcome.Error.ShouldNotBeNull().Message.ShouldBe("This host fetches nothing for patterns.");
    }

    private Task<PatternOutcome> RunAsync(HttpFanOutParameters parameters)
    {
        PatternHost host = new() { BaseAddress = new Uri("http://host/"), FetchAsync = FetchAsync };
        return VirtualRun.DriveAsync(
            _time,
            () => PatternRunner.RunAsync(new HttpFanOutPattern(), parameters, new PatternRun(_time, host), TestContext.Current.CancellationToken));
    }

    private async Task<long> FetchAsync(Uri url, CancellationToken token)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(100), _time, token);
        return url.AbsolutePath == "/no-such-page" ? throw new HttpRequestException("not found") : 27;
    }
}
