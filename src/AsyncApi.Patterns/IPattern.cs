namespace AsyncApi.Patterns;

/// <summary>One pattern of the tutorials: what asyncio calls it, what .NET calls it, and a piece of code that runs it.</summary>
public interface IPattern
{
    /// <summary>The name in a URL: <c>gather-return-exceptions</c>.</summary>
    string Name { get; }

    /// <summary>A headline of a few words.</summary>
    string Title { get; }

    /// <summary>What the pattern promises, in a sentence or two.</summary>
    string Summary { get; }

    /// <summary>What one writes with asyncio.</summary>
    string Asyncio { get; }

    /// <summary>What one writes here.</summary>
    string Dotnet { get; }

    /// <summary>The C# file as it stands in the repository.</summary>
    string Source { get; }

    /// <summary>The record of its parameters; every one has a default. <see cref="PatternParameters"/> describes and reads it.</summary>
    Type Parameters { get; }

    /// <summary>
    /// Runs it once. Tasks that it started with <see cref="PatternRun.SpanAsync(string, Func{CancellationToken, Task}, CancellationToken, string?)"/>
    /// may still run when it ends; <see cref="PatternRunner"/> waits for them.
    /// </summary>
    /// <param name="parameters">An instance of <see cref="Parameters"/> whose values are in range.</param>
    /// <param name="run">Clock, trace and host of this run.</param>
    /// <param name="token">Cancels the run.</param>
    Task<object?> RunAsync(object parameters, PatternRun run, CancellationToken token);
}
