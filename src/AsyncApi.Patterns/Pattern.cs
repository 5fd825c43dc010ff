namespace AsyncApi.Patterns;

/// <summary>A pattern with typed parameters. The name of the class is the name of its file.</summary>
/// <typeparam name="TParameters">A record of numbers, texts, enums and lists of them, with a default and a range each.</typeparam>
public abstract class Pattern<TParameters>(string name, string title, string summary, string asyncio, string dotnet) : IPattern
    where TParameters : class, new()
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Title => title;

    /// <inheritdoc/>
    public string Summary => summary;

    /// <inheritdoc/>
    public string Asyncio => asyncio;

    /// <inheritdoc/>
    public string Dotnet => dotnet;

    /// <inheritdoc/>
    public string Source => PatternSource.Of(GetType());

    /// <inheritdoc/>
    public Type Parameters => typeof(TParameters);

    /// <inheritdoc/>
    public Task<object?> RunAsync(object parameters, PatternRun run, CancellationToken token) => RunAsync((TParameters)parameters, run, token);

    /// <inheritdoc cref="IPattern.RunAsync"/>
    protected abstract Task<object?> RunAsync(TParameters parameters, PatternRun run, CancellationToken token);
}
