using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AsyncApi.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AsyncApi.CrashTests;

/// <summary>Who wanted to be told of a job's end is told, whenever the process is killed.</summary>
public sealed class CallbackKillTests
{
    private const string Secret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    private const int Failures = 3;
    private const int Clients = 16;

    private static readonly int Jobs =
        int.TryParse(Environment.GetEnvironmentVariable("CALLBACKS_TOLD"), NumberStyles.None, CultureInfo.InvariantCulture, out int jobs) ? jobs : 300;

    private readonly ConcurrentQueue<Call> _calls = new();
    private readonly ConcurrentDictionary<string, int> _tries = new(StringComparer.Ordinal);
    private int _heard;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Callbacks_ofAProcessKilledTwice_areAllHeard()
    {
        string python = Tool.Require("python3");
        await using TargetServer receiver = await TargetServer.StartAsync(app => app.MapPost("/hook/{name}", HearAsync));
        await using RestartableService service = await RestartableService.StartAsync(settings: new Dictionary<string, string>
        {
            ["Callbacks:Secrets:0"] = Secret,
            ["Callbacks:TimeoutSeconds"] = "2",
            ["Callbacks:Scale"] = "0.003",
            ["Callbacks:HostConcurrency"] = "50",
            ["Logging:LogLevel:Default"] = "Warning",
        });

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => SubmitAsync(service.Client, receiver, client)));
        await Eventually.Until(() => _calls.Count > Jobs, TimeSpan.FromMinutes(3));
        await service.KillAsync();
        await service.StartAgainAsync();
        await Eventually.Until(() => Volatile.Read(ref _heard) > Jobs / 2, TimeSpan.FromMinutes(3));
        await service.KillAsync();
        await service.StartAgainAsync();
        await Eventually.Until(async () => await StoredData.CountAsync(service.DataFolder, "callbacks where status = 'delivered'") == Jobs, TimeSpan.FromMinutes(5));

        // A call that was answered, and whose answer the kill took, came once more; no other did.
        _tries.Count.ShouldBe(Jobs);
        _tries.Values.Min().ShouldBe(Failures + 1);
        _calls.Count.ShouldBeLessThan((Jobs * (Failures + 1)) + (4 * 50));
        _calls.GroupBy(call => call.Path).ShouldAllBe(calls => calls.Select(call => call.Id).Distinct().Count() == 1);
        _calls.Select(call => call.Id).Distinct().Count().ShouldBe(Jobs);
        (await VerifyAsync(python, _calls)).ShouldBe($"{_calls.Count} 0");
        (await VerifyAsync(python, _calls.Select(call => call with { Timestamp = "1" }))).ShouldBe($"0 {_calls.Count}");
        TestContext.Current.SendDiagnosticMessage($"{Jobs} callbacks, {_calls.Count} calls");
    }

    private static async Task SubmitAsync(HttpClient client, TargetServer receiver, int from)
    {
        for (int i = from; i < Jobs; i += Clients)
        {
            using HttpResponseMessage answer = await client.PostAsJsonAsync(
                "/fetches", new { urls = new[] { receiver.Url($"ok/{i}") }, callback = new { url = receiver.Url($"hook/{i}") } }, Token);
            answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        }
    }

    private async Task HearAsync(HttpContext context)
    {
        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        string path = context.Request.Path;
        _calls.Enqueue(new Call(
            path, context.Request.Headers["webhook-id"]!, context.Request.Headers["webhook-timestamp"]!,
            context.Request.Headers["webhook-signature"]!, Convert.ToBase64String(body.ToArray())));
        bool hears = _tries.AddOrUpdate(path, 1, (_, tries) => tries + 1) > Failures;
        context.Response.StatusCode = hears ? StatusCodes.Status204NoContent : StatusCodes.Status500InternalServerError;
        if (hears)
        {
            Interlocked.Increment(ref _heard);
        }
    }

    private static async Task<string> VerifyAsync(string python, IEnumerable<Call> calls)
    {
        using TempFolder folder = new();
        string file = folder.File("calls");
        await File.WriteAllLinesAsync(file, calls.Select(call => JsonSerializer.Serialize(call, JsonSerializerOptions.Web)), Token);
        ProcessStartInfo start = new(python, [Path.Combine(Repository.Root, "tests", "AsyncApi.CrashTests", "verify_webhooks.py"), Secret, file])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        return output.Trim();
    }

    private sealed record Call(string Path, string Id, string Timestamp, string Signature, string Body);
}
