using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using AsyncApi.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AsyncApi.CrashTests;

/// <summary>Hears callbacks at <c>/hook/…</c>, each only after it was refused some times, and keeps all that came.</summary>
internal sealed class CallbackReceiver : IAsyncDisposable
{
    public const int Failures = 3;

    private const string Secret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

    private readonly string _python = Tool.Require("python3");
    private readonly ConcurrentQueue<Call> _calls = new();
    private readonly ConcurrentDictionary<string, int> _tries = new(StringComparer.Ordinal);
    private int _heard;

    private CallbackReceiver()
    {
    }

    public TargetServer Server { get; private set; } = null!;

    /// <summary>How many calls came.</summary>
    public int Calls => _calls.Count;

    /// <summary>How many of them were answered with 2xx.</summary>
    public int Heard => Volatile.Read(ref _heard);

    /// <summary>Calls since the tries were last forgotten.</summary>
    public int TriesInAll => _tries.Values.Sum();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<CallbackReceiver> StartAsync()
    {
        CallbackReceiver receiver = new();
        receiver.Server = await TargetServer.StartAsync(app => app.MapPost("/hook/{name}", receiver.HearAsync));
        return receiver;
    }

    /// <summary>Settings of a service that signs for this receiver, and whose waits between tries are short: 15 ms, 0.9 s, 5.4 s.</summary>
    public static Dictionary<string, string> Settings(int hostConcurrency) => new()
    {
        ["Callbacks:Secrets:0"] = Secret,
        ["Callbacks:TimeoutSeconds"] = "2",
        ["Callbacks:Scale"] = "0.003",
        ["Callbacks:HostConcurrency"] = $"{hostConcurrency}",
        ["Logging:LogLevel:Default"] = "Warning",
    };

    public object FetchOf(int i) => new { urls = new[] { Server.Url($"ok/{i}") }, callback = new { url = Server.Url($"hook/{i}") } };

    /// <summary>Refuses again what it has heard before.</summary>
    public void ForgetTries()
    {
        _tries.Clear();
        Volatile.Write(ref _heard, 0);
    }

    /// <summary>Each of so many callbacks was tried until it was heard, always under its own id, and every call was genuine.</summary>
    public async Task ShouldHaveHeardAllAsync(int callbacks)
    {
        _tries.Count.ShouldBe(callbacks);
        _tries.Values.Min().ShouldBe(Failures + 1);
        _calls.GroupBy(call => call.Path).ShouldAllBe(calls => calls.Select(call => call.Id).Distinct().Count() == 1);
        _calls.Select(call => call.Id).Distinct().Count().ShouldBe(callbacks);
        (await VerifyAsync(_calls)).ShouldBe($"{_calls.Count} 0");
        (await VerifyAsync(_calls.Select(call => call with { Timestamp = "1" }))).ShouldBe($"0 {_calls.Count}");
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

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

    private async Task<string> VerifyAsync(IEnumerable<Call> calls)
    {
        using TempFolder folder = new();
        string file = folder.File("calls");
        await File.WriteAllLinesAsync(file, calls.Select(call => JsonSerializer.Serialize(call, JsonSerializerOptions.Web)), Token);
        ProcessStartInfo start = new(_python, [Path.Combine(Repository.Root, "tests", "AsyncApi.CrashTests", "verify_webhooks.py"), Secret, file])
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
