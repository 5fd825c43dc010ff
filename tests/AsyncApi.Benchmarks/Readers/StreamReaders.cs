using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace AsyncApi.Benchmarks.Readers;

/// <summary>Readers of one stream, each on a connection of its own, as a process on the target's processor.</summary>
internal sealed class StreamReaders : IAsyncDisposable
{
    private readonly Process _process;

    private StreamReaders(Process process) => _process = process;

    /// <summary>Returns when every reader has its headers.</summary>
    public static async Task<StreamReaders> OpenAsync(Uri service, string path, string form, int count, int results, CancellationToken token)
    {
        string[] arguments = [StreamReading.Command, service.ToString(), path, form, Text(count), Text(results)];
        ProcessStartInfo start = Machine.Pinned([typeof(StreamReaders).Assembly.Location, .. arguments], Machine.TargetCore);
        start.RedirectStandardOutput = true;
        StreamReaders readers = new(Process.Start(start)!);
        if (await readers._process.StandardOutput.ReadLineAsync(token) == StreamReading.Ready)
            return readers;
        await readers.DisposeAsync();
        throw new InvalidOperationException("The readers did not get their streams.");
    }

    /// <summary>Returns when every reader has everything.</summary>
    public async Task<LineDelays> ReadToEndAsync(CancellationToken token) =>
        await _process.StandardOutput.ReadLineAsync(token) is { } delays
            ? JsonSerializer.Deserialize<LineDelays>(delays)!
            : throw new InvalidOperationException("A reader did not get everything.");

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
