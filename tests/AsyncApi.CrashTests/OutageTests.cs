using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using AsyncApi.TestSupport;

namespace AsyncApi.CrashTests;

/// <summary>PostgreSQL goes away under a service that works, and comes back.</summary>
[Collection(Lane.Waiting)]
public sealed class OutageTests(ITestOutputHelper output)
{
    // From 20 s on a process has dropped its work by itself.
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(
        int.Parse(Environment.GetEnvironmentVariable("OUTAGE_SECONDS") ?? "25", CultureInfo.InvariantCulture));

    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(10);

    // Two seconds, with a margin for a machine that is busy with other tests.
    private static readonly TimeSpan FirstRefusal = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LaterRefusal = TimeSpan.FromSeconds(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Service_withoutItsDatabase_refusesInTime_lives_andGoesOnSoonAfter(bool hangs)
    {
        await using TwoServices one = await TwoServices.CreateAsync();
        await using LateAnswers answers = await LateAnswers.StartAsync();
        ServiceProcess service = await one.StartServiceAsync();
        string fetch = await answers.SubmitAsync(service);
        answers.Begin();
        await Eventually.Until(() => answers.Target.TotalHits > LateAnswers.Requests / 4);
        Task reading = ReadAsync(service, fetch);

        long began = Stopwatch.GetTimestamp();
        IDisposable? frozen = hangs ? one.Server.Freeze() : null;
        await (hangs ? Task.CompletedTask : one.Server.StopServerAsync());
        TimeSpan first = await ShouldRefuseAsync(service);
        TimeSpan later = TimeSpan.Zero;
        while (Stopwatch.GetElapsedTime(began) < Outage)
        {
            TimeSpan refusal = await ShouldRefuseAsync(service);
            later = refusal > later ? refusal : later;
            await Task.Delay(TimeSpan.FromMilliseconds(200), Token);
        }

        int sent = answers.Target.TotalHits;
        sent.ShouldBeLessThan(LateAnswers.Requests, "the fetch must not be over yet");
        frozen?.Dispose();
        await (hangs ? Task.CompletedTask : one.Server.StartServerAsync());
        long back = Stopwatch.GetTimestamp();
        await Eventually.Until(() => answers.Target.TotalHits > sent, Promise, "the work goes on");
        output.WriteLine($"refused in {first.TotalMilliseconds:0} ms, later in {later.TotalMilliseconds:0} ms");
        output.WriteLine($"went on {Stopwatch.GetElapsedTime(back).TotalSeconds:0.0} s after it was back");
        (await service.Client.UntilOverAsync(fetch)).Status().ShouldBe("completed");
        await answers.ShouldBeWholeAsync(service, fetch);
        await Eventually.Until(async () => (await AskAsync(service, "/health/ready")).Status == HttpStatusCode.OK, Promise, "it is ready");
        output.WriteLine($"{answers.Repeats} requests were sent again");
        first.ShouldBeLessThan(FirstRefusal);
        later.ShouldBeLessThan(LaterRefusal);
        await reading;
        // It is no mistake in the program, and may last for hours: the log tells of it without stack traces.
        service.Output.ShouldNotContain("   at ");
    }

    /// <summary>A stream that has begun when the database goes: whether it is cut or goes on is for the service to say.</summary>
    private static async Task ReadAsync(ServiceProcess service, string fetch)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, $"{fetch}/results") { Headers = { { "Accept", "application/x-ndjson" } } };
        using HttpResponseMessage answer = await service.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        try
        {
            await answer.Content.CopyToAsync(Stream.Null, Token);
        }
        catch (Exception cut) when (cut is HttpRequestException or IOException)
        {
            // It was cut.
        }
    }

    /// <summary>How long the slowest answer took.</summary>
    private static async Task<TimeSpan> ShouldRefuseAsync(ServiceProcess service)
    {
        (HttpStatusCode Status, TimeSpan Time)[] refused =
            await Task.WhenAll(AskAsync(service, "/jobs"), AskAsync(service, "/health/ready"), PostAsync(service));
        refused.ShouldAllBe(answer => answer.Status == HttpStatusCode.ServiceUnavailable);
        (await AskAsync(service, "/health/live")).Status.ShouldBe(HttpStatusCode.OK);
        return refused.Max(answer => answer.Time);
    }

    private static Task<(HttpStatusCode Status, TimeSpan Time)> AskAsync(ServiceProcess service, string path) =>
        SendAsync(service, new HttpRequestMessage(HttpMethod.Get, path));

    private static Task<(HttpStatusCode Status, TimeSpan Time)> PostAsync(ServiceProcess service) => SendAsync(
        service, new HttpRequestMessage(HttpMethod.Post, "/fetches") { Content = new StringContent("http://127.0.0.1/", new MediaTypeHeaderValue("text/uri-list")) });

    private static async Task<(HttpStatusCode Status, TimeSpan Time)> SendAsync(ServiceProcess service, HttpRequestMessage request)
    {
        using (request)
        {
            long began = Stopwatch.GetTimestamp();
            using HttpResponseMessage answer = await service.Client.SendAsync(request, Token);
            return (answer.StatusCode, Stopwatch.GetElapsedTime(began));
        }
    }
}
