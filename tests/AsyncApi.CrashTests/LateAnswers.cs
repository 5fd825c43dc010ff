using System.Globalization;
using System.Text.Json;
using AsyncApi.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AsyncApi.CrashTests;

/// <summary>A long fetch from a target that takes its time, and what must be true of it once it is over.</summary>
internal sealed class LateAnswers : IAsyncDisposable
{
    public const int Requests = 3_000;
    public const int Concurrency = 50;

    private const int LargeEach = 50;
    private const int WrittenAtOnce = 500;

    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LateAnswers()
    {
    }

    public TargetServer Target { get; private set; } = null!;

    /// <summary>Requests that came again.</summary>
    public int Repeats => Target.TotalHits - Target.AllHits.Count;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<LateAnswers> StartAsync()
    {
        LateAnswers answers = new();
        answers.Target = await TargetServer.StartAsync(app => app.Map("/late/{i:int}", answers.AnswerAsync));
        return answers;
    }

    /// <summary>Until then nobody is answered, so that a service has time to start.</summary>
    public void Begin() => _begun.SetResult();

    public Task<string> SubmitAsync(ServiceProcess service) => service.Client.SubmitAsync(
        Enumerable.Range(0, Requests).Select(i => Target.Url($"late/{i}")), $"?concurrency={Concurrency}&perHost.concurrency={Concurrency}");

    /// <summary>
    /// How many requests the process that is gone had sent, and how many of them have no result: those that were in flight, and
    /// those whose answers were on their way into the database.
    /// </summary>
    public async Task<(int Sent, int Unwritten)> CountUnwrittenAsync(ServiceProcess other, string fetch)
    {
        await Eventually.Until(() => Target.Running == 0);
        int sent = Target.TotalHits;
        sent.ShouldBeLessThan(Requests, "the fetch must not be over yet");
        int unwritten = sent - (await other.Client.ReadAsync(fetch)).Count("succeeded");
        unwritten.ShouldBeLessThanOrEqualTo(Concurrency + WrittenAtOnce);
        return (sent, unwritten);
    }

    /// <summary>Each request has one result, numbered without a gap, and its answer can be read; the counts say the same.</summary>
    public async Task<ResumingReader> ShouldBeWholeAsync(ServiceProcess service, string fetch)
    {
        ResumingReader reader = await service.Client.ReadAllAsync(fetch);
        reader.Results.Select(result => result.GetProperty("index").GetInt32()).Order().ShouldBe(Enumerable.Range(0, Requests));
        reader.Results.ShouldAllBe(result => result.GetProperty("outcome").GetString() == "succeeded");
        reader.End!.Value.Status().ShouldBe("completed");
        JsonElement over = await service.Client.ReadAsync(fetch);
        over.Status().ShouldBe("completed");
        over.Count("succeeded").ShouldBe(Requests);
        over.ShouldAddUp();
        for (int index = 0; index < Requests; index += LargeEach / 2)
        {
            (await service.Client.GetStringAsync(new Uri($"{fetch}/results/{index}/body", UriKind.Relative), Token)).ShouldBe(AnswerOf(index));
        }

        Target.AllHits.Count.ShouldBe(Requests);
        return reader;
    }

    public ValueTask DisposeAsync() => Target.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        await _begun.Task.WaitAsync(context.RequestAborted);
        int number = int.Parse((string)context.Request.RouteValues["i"]!, CultureInfo.InvariantCulture);
        await Task.Delay(50 + (number * 37 % 100), context.RequestAborted);
        await context.Response.WriteAsync(AnswerOf(number), context.RequestAborted);
    }

    // One in fifty is too large for a row of results.
    private static string AnswerOf(int number) => $"answer {number}" + new string('.', number % LargeEach == 0 ? 100_000 : 0);
}
