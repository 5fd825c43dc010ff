using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace AsyncApi.Patterns.Processes;

/// <summary>
/// A worker process and the pipes to it. It takes one call at a time; a call that was cancelled half-way, or that the process
/// did not survive, leaves it unfit for another. Disposing kills it.
/// </summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private WorkerProcess(string name, Process process) => (Name, _process) = (name, process);

    public string Name { get; }

    public int Id => _process.Id;

    /// <summary>False once a call did not come to its answer.</summary>
    public bool IsFit { get; private set; } = true;

    public static WorkerProcess Start(string name, IReadOnlyList<string> command) => new(name, Launch(StartOf(command)));

    /// <exception cref="WorkerCrashedException">It could not be started.</exception>
    public static Process Launch(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception failure)
        {
            // Its words name paths of this machine, which whoever reads the outcome of a run need not know.
            throw new WorkerCrashedException("The process could not be started.", failure);
        }
    }

    public static ProcessStartInfo StartOf(IReadOnlyList<string> command) => new(command[0], command.Skip(1))
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        StandardOutputEncoding = Encoding.UTF8,
        UseShellExecute = false,
    };

    /// <exception cref="WorkerCrashedException">The process ended before it answered.</exception>
    /// <exception cref="WorkerFailedException">The work threw; the process is as good as before.</exception>
    public async Task<T> CallAsync<T>(string work, object argument, CancellationToken token)
    {
        IsFit = false;
        WorkerAnswer answer = await ExchangeAsync(new WorkerCall(work, JsonSerializer.SerializeToElement(argument)), token);
        IsFit = true;
        return answer.Error is null ? answer.Result.Deserialize<T>()! : throw new WorkerFailedException(answer.Error);
    }

    /// <summary>The same with a limit. Where Python can only stop waiting, the process is killed: the pool replaces what is unfit.</summary>
    /// <exception cref="TimeoutException">The time was up.</exception>
    public async Task<T> CallAsync<T>(string work, object argument, TimeSpan limit, TimeProvider time, CancellationToken token)
    {
        using CancellationTokenSource timeout = new(limit, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, token);
        try
        {
            return await CallAsync<T>(work, argument, either.Token);
        }
        catch (OperationCanceledException late) when (timeout.IsCancellationRequested && !token.IsCancellationRequested)
        {
            throw new TimeoutException($"\"{work}\" took longer than {limit.TotalSeconds} s; {Name} was killed.", late);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<WorkerAnswer> ExchangeAsync(WorkerCall call, CancellationToken token)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(call).AsMemory(), token);
            await _process.StandardInput.FlushAsync(token);
            // A read from a pipe does not listen to its token; the kill that follows ends it.
            string? line = await _process.StandardOutput.ReadLineAsync(CancellationToken.None).AsTask().WaitAsync(token);
            if (line is not null)
            {
                return JsonSerializer.Deserialize<WorkerAnswer>(line)!;
            }
        }
        catch (IOException)
        {
            // The pipe is broken because the process is gone, which is said below.
        }

        await _process.WaitForExitAsync(token);
        throw new WorkerCrashedException($"{Name} ended with exit code {_process.ExitCode} before it had answered \"{call.Work}\".");
    }
}

/// <summary>A worker process ended in the middle of a call: asyncio's <c>BrokenProcessPool</c>, except that only this call is lost.</summary>
internal sealed class WorkerCrashedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>What a worker was asked to do failed there.</summary>
internal sealed class WorkerFailedException(string message) : Exception(message);
