using System.Net;
using AsyncApi.Tests.Fetches;
using AsyncApi.TestSupport;

namespace AsyncApi.Tests.Storage;

/// <summary>A server that goes away under a running service, and comes back.</summary>
public sealed class PostgreSqlOutageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Service_lives_refuses_and_goes_on_when_the_server_is_back(bool freezes)
    {
        await using PostgreSql server = await PostgreSql.StartAsync();
        await using TargetServer target = await TargetServer.StartAsync();
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(
            ("Storage:Provider", "PostgreSql"), ("Storage:ConnectionString", await server.CreateDatabaseAsync()));
        string[] urls = [.. Enumerable.Range(0, 40).Select(i => target.Url($"delay/100?n={i}"))];
        string path = await service.SubmitAsync(ServiceCalls.Batch(urls, """{"concurrency":2}"""));
        IDisposable? frozen = null;
        if (freezes)
        {
            frozen = server.Freeze();
        }
        else
        {
            await server.StopServerAsync();
        }

        // The first one may be the one that finds out.
        for (int i = 0; i < 3; i++)
        {
            long began = TimeProvider.System.GetTimestamp();
            using HttpResponseMessage refused = await service.Client.GetAsync(new Uri("/jobs", UriKind.Relative), Token);
            refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            refused.Headers.RetryAfter.ShouldNotBeNull();
            TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(4));
        }

        frozen?.Dispose();
        if (!freezes)
        {
            await server.StartServerAsync();
        }

        long back = TimeProvider.System.GetTimestamp();
        await Eventually.Until(async () => (await service.Client.GetAsync(new Uri("/jobs", UriKind.Relative), Token)).IsSuccessStatusCode);
        TimeProvider.System.GetElapsedTime(back).ShouldBeLessThan(TimeSpan.FromSeconds(10));
        (await service.ResultsAsync(path)).Length.ShouldBe(urls.Length);
        // A loop that met a fault is well again once it has turned.
        await Eventually.Until(
            async () => (await service.Client.GetAsync(new Uri("/health/ready", UriKind.Relative), Token)).IsSuccessStatusCode, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Word_of_one_process_reaches_the_other()
    {
        string connection = await SharedPostgreSql.CreateDatabaseAsync();
        await using PostgreSqlUnderTest one = await PostgreSqlUnderTest.ConnectAsync(connection);
        await using PostgreSqlUnderTest other = await PostgreSqlUnderTest.ConnectAsync(connection);
        TaskCompletionSource<string> heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource<string> echoed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        other.News.Listen(topic => { if (topic is not null) heard.TrySetResult(topic); });
        one.News.Listen(topic => { if (topic is not null) echoed.TrySetResult(topic); });

        await Eventually.Until(() =>
        {
            one.News.Say("work");
            return Task.FromResult(heard.Task.IsCompleted);
        });

        (await heard.Task).ShouldBe("work");
        echoed.Task.IsCompleted.ShouldBeFalse();
    }
}
