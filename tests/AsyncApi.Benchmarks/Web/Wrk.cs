using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using AsyncApi.TestSupport;

namespace AsyncApi.Benchmarks.Web;

/// <summary>What wrk measured of one route in one round.</summary>
internal sealed record WebRound(double RequestsPerSecond, double Milliseconds99, double ProcessorMicroseconds);

/// <summary>The load: wrk on the other processor, 32 connections that are kept.</summary>
internal static partial class Wrk
{
    /// <exception cref="InvalidOperationException">An answer was an error, late or missing: the figures would be of something else.</exception>
    public static async Task<WebRound> RunAsync(WebServer server, WebRoute route, int seconds, CancellationToken token)
    {
        string core = Machine.TargetCore.ToString(CultureInfo.InvariantCulture);
        string[] script = route.Script is null ? [] : ["-s", WebServer.File(route.Script)];
        ProcessStartInfo start = new(
            Tool.Require("taskset"), ["-c", core, Tool.Require("wrk"), "-t1", "-c32", $"-d{seconds}s", "--timeout", "10s", "--latency", .. script, $"{server.Address}{route.Path}"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        TimeSpan before = ProcessUsage.Processor(server.ProcessId);
        using Process wrk = Process.Start(start)!;
        string output = await wrk.StandardOutput.ReadToEndAsync(token);
        await wrk.WaitForExitAsync(token);
        TimeSpan processor = ProcessUsage.Processor(server.ProcessId) - before;
        if (wrk.ExitCode != 0 || output.Contains("Non-2xx", StringComparison.Ordinal) || output.Contains("Socket errors", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{server.Name}, {route.Name}: answers were refused, late or missing.\n{output}");
        }

        double requests = Number(Requests().Match(output));
        Match late = Late().Match(output);
        double unit = late.Groups["unit"].Value switch { "us" => 0.001, "ms" => 1, _ => 1000 };
        return new WebRound(Number(Rate().Match(output)), Number(late) * unit, processor.TotalMicroseconds / requests);
    }

    private static double Number(Match match) => double.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Requests/sec:\s+(?<number>[\d.]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Rate();

    [GeneratedRegex(@"(?<number>\d+) requests in", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Requests();

    [GeneratedRegex(@"99%\s+(?<number>[\d.]+)(?<unit>us|ms|s)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Late();
}
