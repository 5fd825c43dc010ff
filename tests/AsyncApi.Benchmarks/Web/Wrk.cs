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
        string[] script = route.Script is null ? [] : ["-s", WebServer.File(route.Script)];
        TimeSpan before = ProcessUsage.Processor(server.ProcessId);
        string output = await RunAsync(Only(Machine.TargetCore), [.. script, "-c32", $"-d{seconds}s", $"{server.Address}{route.Path}"], token);
        TimeSpan processor = ProcessUsage.Processor(server.ProcessId) - before;
        double requests = Number(Requests().Match(output));
        return new WebRound(Number(Rate().Match(output)), Milliseconds(Late().Match(output)), processor.TotalMicroseconds / requests);
    }

    /// <summary>What wrk itself makes of a server, from the measured processor; nothing is said of the server's.</summary>
    public static async Task<WebRound> MeasureAsync(Uri address, int connections, int seconds, CancellationToken token)
    {
        string output = await RunAsync(Only(Machine.MeasuredCore), [$"-c{connections}", $"-d{seconds}s", address.AbsoluteUri], token);
        return new WebRound(Number(Rate().Match(output)), Milliseconds(Late().Match(output)), 0);
    }

    /// <summary>What half of the answers took at most, in milliseconds, seen from the measured processor.</summary>
    public static async Task<double> MedianAsync(Uri address, int connections, int seconds, CancellationToken token) =>
        Milliseconds(Half().Match(await RunAsync(Only(Machine.MeasuredCore), [$"-c{connections}", $"-d{seconds}s", address.AbsoluteUri], token)));

    /// <summary>Posts without a body, from whichever processor is free; gives how many were answered.</summary>
    public static async Task<int> PostAsync(Uri address, int connections, int seconds, CancellationToken token)
    {
        string[] arguments = ["-s", WebServer.File("post_nothing.lua"), $"-c{connections}", $"-d{seconds}s", address.AbsoluteUri];
        return (int)Number(Requests().Match(await RunAsync($"0-{Environment.ProcessorCount - 1}", arguments, token)));
    }

    private static string Only(int core) => core.ToString(CultureInfo.InvariantCulture);

    private static async Task<string> RunAsync(string processors, string[] arguments, CancellationToken token)
    {
        ProcessStartInfo start = new(
            Tool.Require("taskset"),
            ["-c", processors, Tool.Require("wrk"), "-t1", "--timeout", "10s", "--latency", .. arguments])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using Process wrk = Process.Start(start)!;
        string output = await wrk.StandardOutput.ReadToEndAsync(token);
        await wrk.WaitForExitAsync(token);
        return wrk.ExitCode != 0 || output.Contains("Non-2xx", StringComparison.Ordinal) || output.Contains("Socket errors", StringComparison.Ordinal)
            ? throw new InvalidOperationException($"{arguments[^1]}: answers were refused, late or missing.\n{output}")
            : output;
    }

    private static double Milliseconds(Match match) =>
        Number(match) * match.Groups["unit"].Value switch { "us" => 0.001, "ms" => 1, _ => 1000 };

    private static double Number(Match match) => double.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Requests/sec:\s+(?<number>[\d.]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Rate();

    [GeneratedRegex(@"(?<number>\d+) requests in", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Requests();

    [GeneratedRegex(@"50%\s+(?<number>[\d.]+)(?<unit>us|ms|s)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Half();

    [GeneratedRegex(@"99%\s+(?<number>[\d.]+)(?<unit>us|ms|s)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Late();
}
