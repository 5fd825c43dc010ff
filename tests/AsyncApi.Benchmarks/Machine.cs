using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using AsyncApi.TestSupport;

namespace AsyncApi.Benchmarks;

/// <summary>Where it runs, and how processes are tied to its processors.</summary>
internal static class Machine
{
    /// <summary>The processor of whoever answers.</summary>
    public const int TargetCore = 0;

    /// <summary>The processor of whoever is measured. It has this one alone, whatever else the machine has.</summary>
    public const int MeasuredCore = 1;

    /// <summary>
    /// On one processor .NET waits ten times as long before it optimises hot code, and would be measured half optimised. With this
    /// it waits as long as on many. It is set for every contender.
    /// </summary>
    public static readonly KeyValuePair<string, string> PromptTiering = new("DOTNET_TC_DelaySingleProcMultiplier", "1");

    /// <summary>A sentence for the user, or null when everything is there.</summary>
    public static string? WhatIsMissing()
    {
        if (Environment.ProcessorCount < 2)
        {
            return "At least two processors are needed: one for the target, one for what is measured.";
        }

        string[] missing = [.. new[] { "nginx", "taskset" }.Where(name => Tool.Find(name) is null)];
        return missing.Length == 0
            ? null
            : $"{string.Join(" and ", missing)} not found; on Debian or Ubuntu: apt-get install nginx-light util-linux";
    }

    public static string Describe() =>
        $"{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} processors, .NET {Environment.Version}, load average {Load()}";

    /// <summary>Runs .NET's host on one processor. taskset replaces itself with it, so the process id is its own.</summary>
    public static ProcessStartInfo Pinned(IEnumerable<string> arguments, int core = MeasuredCore)
    {
        string number = core.ToString(CultureInfo.InvariantCulture);
        ProcessStartInfo start = new(Tool.Require("taskset"), ["-c", number, Tool.Require("dotnet"), .. arguments]);
        start.Environment[PromptTiering.Key] = PromptTiering.Value;
        return start;
    }

    private static string Load() => File.Exists("/proc/loadavg") ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]) : "unknown";
}
