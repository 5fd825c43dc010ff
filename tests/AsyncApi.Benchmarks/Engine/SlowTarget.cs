using System.Diagnostics;
using System.Globalization;
using System.Net;
using AsyncApi.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AsyncApi.Benchmarks.Engine;

/// <summary>
/// A target that takes its time, as a process on a processor of its own: <c>/wait/{ms}</c>, and <c>/busy</c>, which is a 429. It answers on
/// every address of 127.0.0.0/8, so that it can be as many hosts as are needed.
/// </summary>
internal sealed class SlowTarget : IAsyncDisposable
{
    public const string Command = "slow-target";

    private readonly Process _process;

    private SlowTarget(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

    public static async Task<SlowTarget> StartAsync(CancellationToken token)
    {
        ProcessStartInfo start = new(
            Tool.Require("taskset"),
            ["-c", Machine.TargetCore.ToString(CultureInfo.InvariantCulture), Tool.Require("dotnet"), typeof(SlowTarget).Assembly.Location, Command]);
        start.RedirectStandardOutput = true;
        start.Environment[Machine.PromptTiering.Key] = Machine.PromptTiering.Value;
        Process process = Process.Start(start)!;
        string? port = await process.StandardOutput.ReadLineAsync(token);
        return new SlowTarget(process, int.Parse(port ?? throw new InvalidOperationException("The target did not start."), CultureInfo.InvariantCulture));
    }

    /// <summary>The inside of that process.</summary>
    public static async Task<int> RunAsync(CancellationToken token)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Any, 0);
        });
        builder.Services.AddLogging(static logging => logging.SetMinimumLevel(LogLevel.None));
        await using WebApplication app = builder.Build();
        app.Run(static context => AnswerAsync(context));
        await app.StartAsync(token);
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Console.WriteLine(new Uri(address).Port);
        await app.WaitForShutdownAsync(token);
        return 0;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        string path = context.Request.Path.Value!;
        if (!IPAddress.IsLoopback(context.Connection.RemoteIpAddress!))
        {
            context.Abort();
        }
        else if (path.StartsWith("/wait/", StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(int.Parse(path["/wait/".Length..], CultureInfo.InvariantCulture)), TimeProvider.System, context.RequestAborted);
        }
        else if (path == "/busy")
        {
            context.Response.StatusCode = 429;
        }

        context.Response.ContentLength = 0;
    }
}
