using System.Data.Common;

namespace AsyncApi.Patterns;

/// <summary>What a pattern may use of the program around it. A pattern that needs what the host doesn't give fails and says so.</summary>
public sealed record PatternHost
{
    /// <summary>A host that gives nothing: enough for patterns that only wait.</summary>
    public static PatternHost None { get; } = new();

    /// <summary>An existing folder for files; each run makes a folder of its own in it and deletes that.</summary>
    public string? TempFolder { get; init; }

    /// <summary>The program and its first arguments that start a worker process.</summary>
    public IReadOnlyList<string>? WorkerCommand { get; init; }

    /// <summary>Where the host itself listens.</summary>
    public Uri? BaseAddress { get; init; }

    /// <summary>Fetches a URL and gives the length of its body; throws <see cref="HttpRequestException"/> when it can't.</summary>
    public Func<Uri, CancellationToken, Task<long>>? FetchAsync { get; init; }

    /// <summary>A connection, not open yet, to the SQLite database in a file, which it creates where there is none.</summary>
    public Func<string, DbConnection>? ConnectDatabase { get; init; }
}
