using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace AsyncApi.Tests.Http;

internal sealed record LogLine(string Category, LogLevel Level, string Text, IReadOnlyList<object?> Scopes)
{
    /// <summary>That of the scope that the line was written in; null outside of any request.</summary>
    public object? RequestId => Scopes.OfType<IEnumerable<KeyValuePair<string, object>>>()
        .SelectMany(static scope => scope).LastOrDefault(static pair => pair.Key == "RequestId").Value;
}

/// <summary>Keeps what was logged, with the scopes it was logged in.</summary>
internal sealed class CapturedLog : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<LogLine> _lines = new();
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public IEnumerable<LogLine> Lines => _lines;

    /// <summary>All errors, for the message of a failed assertion.</summary>
    public string Errors => string.Join('\n', _lines.Where(line => line.Level >= LogLevel.Error).Select(line => line.Text));

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    private sealed class Logger(CapturedLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => log._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            List<object?> scopes = [];
            log._scopes.ForEachScope(static (scope, list) => list.Add(scope), scopes);
            log._lines.Enqueue(new LogLine(category, logLevel, $"{formatter(state, exception)}{exception}", scopes));
        }
    }
}
