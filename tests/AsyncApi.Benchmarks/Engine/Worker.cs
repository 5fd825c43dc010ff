using System.Diagnostics;
using System.Globalization;

namespace AsyncApi.Benchmarks.Engine;

/// <summary>This program once more, on the measured processor: it answers each line that it reads with the seconds it took.</summary>
internal sealed class Worker : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);

    private readonly Process _process;

    private Worker(Process process) => _process = process;

    public int ProcessId => _process.Id;

    public static Worker Start(string[] arguments)
    {
        ProcessStartInfo start = Machine.Pinned([typeof(Worker).Assembly.Location, .. arguments]);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        return new Worker(Process.Start(start)!);
    }

    /// <summary>The inside of such a process.</summary>
    public static async Task ServeAsync(Func<Task<string?>> round, CancellationToken token)
    {
        while (await Console.In.ReadLineAsync(token) is not null)
        {
            long start = Stopwatch.GetTimestamp();
            string? fault = await round();
            Console.WriteLine(fault ?? Stopwatch.GetElapsedTime(start).TotalSeconds.ToString("R", CultureInfo.InvariantCulture));
        }
    }

    public async Task<double> RunAsync(CancellationToken token)
    {
        await _process.StandardInput.WriteLineAsync();
        await _process.StandardInput.FlushAsync(token);
        string? answer = await _process.StandardOutput.ReadLineAsync(token).AsTask().WaitAsync(Deadline, token);
        return double.TryParse(answer, CultureInfo.InvariantCulture, out double seconds)
            ? seconds
            : throw new InvalidOperationException(answer ?? "The process ended.");
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
