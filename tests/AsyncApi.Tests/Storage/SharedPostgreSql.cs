using AsyncApi.Tests.Storage;
using AsyncApi.TestSupport;

[assembly: AssemblyFixture(typeof(SharedPostgreSql))]

namespace AsyncApi.Tests.Storage;

/// <summary>The one server of the test run: made when the first test needs it, gone at the end.</summary>
public sealed class SharedPostgreSql : IAsyncDisposable
{
    private static readonly Lock Gate = new();
    private static Task<PostgreSql>? _server;

    /// <summary>How to connect to an empty database of its own.</summary>
    public static async Task<string> CreateDatabaseAsync()
    {
        // Said to each test anew: a skip is the test's own.
        Tool.Require("initdb");
        Task<PostgreSql> server;
        lock (Gate)
        {
            server = _server ??= PostgreSql.StartAsync();
        }

        return await (await server).CreateDatabaseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await (await _server).DisposeAsync();
        }
    }
}
