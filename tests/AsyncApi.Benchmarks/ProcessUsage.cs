using System.Diagnostics;
using System.Globalization;

namespace AsyncApi.Benchmarks;

/// <summary>What a process has used, as the kernel counts it.</summary>
internal static class ProcessUsage
{
    /// <summary>Processor time since its start, in user and kernel mode, over all threads. In steps of 10 ms.</summary>
    public static TimeSpan Processor(int processId)
    {
        using Process process = Process.GetProcessById(processId);
        return process.TotalProcessorTime;
    }

    /// <summary>The most physical memory it ever held, in bytes (<c>VmHWM</c>).</summary>
    public static long PeakMemory(int processId)
    {
        string line = File.ReadLines($"/proc/{processId}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return 1024 * long.Parse(line["VmHWM:".Length..^" kB".Length], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
    }
}
