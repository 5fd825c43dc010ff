using System.Diagnostics;
using System.Globalization;

namespace AsyncApi.Benchmarks.FanOut;

/// <summary>The outside of <see cref="Loop"/>: this same program once more, on the measured processor.</summary>
internal sealed class LoopContender : IContender
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    private LoopContender(string name, Process process)
    {
        Name = name;
        _process = process;
    }

    public string Name { get; }

    public int ProcessId => _process.Id;

    public static LoopContender Start(string name, string loop, Uri target)
    {
        ProcessStartInfo start = Machine.Pinned([typeof(LoopContender).Assembly.Location, Loop.Command, loop, target.AbsoluteUri]);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        return new LoopContender(name, Process.Start(start)!);
    }

    public async Task<Round> RunAsync(CancellationToken token)
    {
        TimeSpan before = ProcessUsage.Processor(ProcessId);
        await _process.StandardInput.WriteLineAsync();
        await _process.StandardInput.FlushAsync(token);
        string? answer = await _process.StandardOutput.ReadLineAsync(token).AsTask().WaitAsync(Deadline, token);
        TimeSpan processor = ProcessUsage.Processor(ProcessId) - before;
        return double.TryParse(answer, CultureInfo.InvariantCulture, out double seconds)
            ? new Round(TimeSpan.FromSeconds(seconds), processor, TimeSpan.Zero)
            : throw new InvalidOperationException($"{Name}: {answer ?? "the process ended"}");
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
}
