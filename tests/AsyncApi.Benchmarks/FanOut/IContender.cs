namespace AsyncApi.Benchmarks.FanOut;

/// <summary>One way to fetch all URLs, in a process of its own that stays between rounds.</summary>
internal interface IContender : IAsyncDisposable
{
    string Name { get; }

    int ProcessId { get; }

    /// <summary>Fetches all URLs once. Fails when one did not answer as expected.</summary>
    Task<Round> RunAsync(CancellationToken token);
}

/// <param name="Elapsed">All requests, from the first to the last.</param>
/// <param name="Processor">Processor time of the contender's process meanwhile.</param>
/// <param name="Submission">What went before it: the list's way into the service.</param>
internal sealed record Round(TimeSpan Elapsed, TimeSpan Processor, TimeSpan Submission);
