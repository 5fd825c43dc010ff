using AsyncApi.Patterns.Callbacks;
using AsyncApi.Patterns.Cancellation;
using AsyncApi.Patterns.Coordination;
using AsyncApi.Patterns.Language;
using AsyncApi.Patterns.Processes;
using AsyncApi.Patterns.Resources;
using AsyncApi.Patterns.Sockets;
using AsyncApi.Patterns.Tasks;
using AsyncApi.Patterns.Threads;

namespace AsyncApi.Patterns;

/// <summary>All patterns.</summary>
public static class PatternCatalog
{
    /// <summary>In the order in which one would learn them.</summary>
    public static IReadOnlyList<IPattern> All { get; } =
    [
        new HelloPattern(),
        new SequentialPattern(),
        new CreateTaskPattern(),
        new GatherPattern(),
        new GatherReturnExceptionsPattern(),
        new AsCompletedPattern(),
        new WaitPattern(),
        new WaitForPattern(),
        new TimeoutPattern(),
        new TimeoutAtPattern(),
        new CancelPattern(),
        new ShieldPattern(),
        new TaskGroupPattern(),
        new SemaphorePattern(),
        new LockPattern(),
        new EventPattern(),
        new ConditionPattern(),
        new QueuePattern(),
        new BackpressurePattern(),
        new RetryPattern(),
        new ToThreadPattern(),
        new ExecutorPattern(),
        new ProcessPoolPattern(),
        new SharedMemoryPattern(),
        new CpuAndIoPattern(),
        new TcpEchoPattern(),
        new UdpEchoPattern(),
        new SubprocessPattern(),
        new AsyncContextManagerPattern(),
        new AsyncIteratorPattern(),
        new AsyncGeneratorPattern(),
        new ContextVariablesPattern(),
        new FuturePattern(),
        new CallLaterPattern(),
        new DoneCallbackPattern(),
        new EventLoopPattern(),
        new BlockingVsAsyncPattern(),
        new ReadWriteFilePattern(),
        new DatabasePattern(),
        new HttpFanOutPattern(),
    ];

    private static readonly Dictionary<string, IPattern> ByName = All.ToDictionary(pattern => pattern.Name, StringComparer.Ordinal);

    /// <summary>The pattern of a name; null when there is none.</summary>
    public static IPattern? Find(string name) => ByName.GetValueOrDefault(name);
}
