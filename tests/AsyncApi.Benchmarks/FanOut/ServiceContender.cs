using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AsyncApi.TestSupport;

namespace AsyncApi.Benchmarks.FanOut;

/// <summary>The whole service as it is deployed: the list goes in over HTTP, every answer with its body into the database.</summary>
internal sealed class ServiceContender : IContender
{
    private const string Fetches = "/fetches?concurrency=100&perHost.concurrency=100";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly TempFolder _data;
    private readonly ServiceProcess _service;
    private readonly byte[] _list;

    private ServiceContender(TempFolder data, ServiceProcess service, Uri target)
    {
        _data = data;
        _service = service;
        _list = Encoding.ASCII.GetBytes(string.Join("\r\n", Target.UrlsOf(target).Select(url => url.AbsoluteUri)));
    }

    public string Name => "service, durable results";

    public int ProcessId => _service.ProcessId;

    public static async Task<ServiceContender> StartAsync(Uri target)
    {
        TempFolder data = new();
        try
        {
            return new ServiceContender(data, await Production.StartAsync(data), target);
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Elapsed is from the 202, on which the list is on disk, to the answer that the job is over, on which the last result is.
    /// </summary>
    public async Task<Round> RunAsync(CancellationToken token)
    {
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(token);
        late.CancelAfter(Deadline);
        long start = Stopwatch.GetTimestamp();
        string id = await SubmitAsync(late.Token);
        TimeSpan submission = Stopwatch.GetElapsedTime(start);
        TimeSpan before = ProcessUsage.Processor(ProcessId);
        long accepted = Stopwatch.GetTimestamp();
        await UntilOverAsync(id, late.Token);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(accepted);
        TimeSpan processor = ProcessUsage.Processor(ProcessId) - before;
        await CheckAsync(id, late.Token);
        return new Round(elapsed, processor, submission);
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _data.Dispose();
    }

    private async Task<string> SubmitAsync(CancellationToken token)
    {
        using ByteArrayContent content = new(_list);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/uri-list");
        using HttpResponseMessage answer = await _service.Client.PostAsync(new Uri(Fetches, UriKind.Relative), content, token);
        using JsonDocument fetch = await Production.ReadAsync(answer, token);
        return fetch.RootElement.GetProperty("id").GetString()!;
    }

    private async Task UntilOverAsync(string id, CancellationToken token)
    {
        while (true)
        {
            using HttpRequestMessage question = new(HttpMethod.Get, $"/jobs/{id}");
            question.Headers.Add("Prefer", "wait=60");
            using HttpResponseMessage answer = await _service.Client.SendAsync(question, token);
            using JsonDocument job = await Production.ReadAsync(answer, token);
            if (job.RootElement.GetProperty("status").GetString() == "completed")
            {
                return;
            }
        }
    }

    private async Task CheckAsync(string id, CancellationToken token)
    {
        using HttpResponseMessage answer = await _service.Client.GetAsync(new Uri($"/fetches/{id}", UriKind.Relative), token);
        using JsonDocument fetch = await Production.ReadAsync(answer, token);
        int succeeded = fetch.RootElement.GetProperty("counts").GetProperty("succeeded").GetInt32();
        long bytes = fetch.RootElement.GetProperty("bytes").GetInt64();
        if (succeeded != Target.Urls || bytes != (long)Target.Urls * Target.BodyBytes)
        {
            throw new InvalidOperationException($"{Name}: {succeeded} of {Target.Urls} succeeded, {bytes} bytes\n{_service.Output}");
        }
    }
}
