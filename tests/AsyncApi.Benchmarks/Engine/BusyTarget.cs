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
/// A target as a process on a processor of its own: <c>/busy</c> is a 429, everything else a 200. It answers on every address of 127.0.0.0/8,
/// so that it can be as many hosts as are needed.
/// </summary>
internal sealed class BusyTarget : IAsyncDisposable
{
    public const string Command = "busy-target";

    private readonly Process _process;

    private BusyTarget(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

    public static async Task<BusyTarget> StartAsync(CancellationToken token)
    {
        ProcessStartInfo start = new(
            Tool.Require("taskset"),
            ["-c", Machine.TargetCore.ToString(CultureInfo.InvariantCulture), Tool.Require("dotnet"), typeof(BusyTarget).Assembly.Location, Command]);
        start.RedirectStandardOutput = true;
        start.Environment[Machine.PromptTiering.Key] = Machine.PromptTiering.Value;
        Process process = Process.Start(start)!;
        string? port = await process.StandardOutput.ReadLineAsync(token);
        return new BusyTarget(process, int.Parse(port ?? throw new InvalidOperationException("The target did not start."), CultureInfo.InvariantCulture));
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
        app.Run(static context =>
        {
            Answer(context);
            return Task.CompletedTask;
        });
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

    private static void Answer(HttpContext context)
    {
        if (!IPAddress.IsLoopback(context.Connection.RemoteIpAddress!))
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = context.Request.Path == "/busy" ? 429 : 200;
        context.Response.ContentLength = 0;
    }
}
