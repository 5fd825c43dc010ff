using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AsyncApi.Benchmarks.Web;
using AsyncApi.TestSupport;

namespace AsyncApi.Benchmarks.Jobs;

/// <summary>The service in Production settings with <see cref="NoOpKind"/>, on all processors, and what clients ask it.</summary>
internal sealed class NoOpService : IAsyncDisposable
{
    private readonly WebServer _server;

    private NoOpService(WebServer server)
    {
        _server = server;
        Client = new HttpClient { BaseAddress = server.Address };
    }

    public HttpClient Client { get; }

    /// <summary>A POST here makes a job.</summary>
    public Uri PostAddress => new(_server.Address, NoOpKind.Path);

    public int ProcessId => _server.ProcessId;

    /// <summary>Returns once it answers. A second one in the same folder is the service after a restart.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="token">Ends the waiting.</param>
    /// <param name="database">A connection string of PostgreSQL; null for the folder's SQLite.</param>
    public static async Task<NoOpService> StartAsync(TempFolder data, CancellationToken token, string? database = null)
    {
        int port = LoopbackPort.Free();
        string folder = AppContext.BaseDirectory;
        // The service's own program and settings, among this program's assemblies.
        string[] command =
        [
            "exec", "--depsfile", Path.Combine(folder, "AsyncApi.Benchmarks.deps.json"),
            "--runtimeconfig", Path.Combine(folder, "AsyncApi.runtimeconfig.json"), Path.Combine(folder, "AsyncApi.dll"),
        ];
        ProcessStartInfo start = new(Tool.Require("dotnet"), command) { WorkingDirectory = folder };
        start.Environment["ASPNETCORE_HOSTINGSTARTUPASSEMBLIES"] = typeof(NoOpKind).Assembly.GetName().Name;
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["Urls"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        start.Environment["Storage__Path"] = data.Path;
        start.Environment["Jobs__MaxQueued"] = "1000000";
        start.Environment["Fetch__AllowedNetworks__0"] = "127.0.0.0/8";
        if (database is not null)
        {
            start.Environment["Storage__Provider"] = "PostgreSql";
            start.Environment["Storage__ConnectionString"] = database;
        }

        return new NoOpService(await WebServer.StartAsync("jobs", start, port, data.Path, token));
    }

    /// <summary>Makes a job; ends with the 202, when it is on disk.</summary>
    public async Task<Guid> PostAsync(CancellationToken token)
    {
        using HttpResponseMessage answer = await Client.PostAsync(PostAddress, content: null, token);
        using JsonDocument id = await Production.ReadAsync(answer, token);
        return id.RootElement.GetGuid();
    }

    /// <summary>When this process ran the job.</summary>
    public async Task<DateTimeOffset> RanAsync(Guid job, CancellationToken token)
    {
        using JsonDocument at = await GetAsync($"/noop/{job}", token);
        return DateTimeOffset.UnixEpoch.AddMilliseconds(at.RootElement.GetDouble());
    }

    /// <summary>The job once it is over.</summary>
    public async Task<NoOpJob> OverAsync(Guid job, CancellationToken token)
    {
        using HttpRequestMessage question = new(HttpMethod.Get, $"/jobs/{job}");
        question.Headers.Add("Prefer", "wait=30");
        using HttpResponseMessage answer = await Client.SendAsync(question, token);
        using JsonDocument view = await Production.ReadAsync(answer, token);
        return NoOpJob.Of(view.RootElement);
    }

    /// <summary>Waits until no such job is queued or running.</summary>
    public Task DrainAsync(CancellationToken token) => Eventually.Until(
        async () => await IsEmptyAsync("queued", token) && await IsEmptyAsync("running", token), TimeSpan.FromMinutes(2), "all jobs are over");

    /// <summary>All jobs of the kind.</summary>
    public async Task<List<NoOpJob>> ListAsync(CancellationToken token)
    {
        List<NoOpJob> jobs = [];
        string? next = "";
        while (next is not null)
        {
            using JsonDocument page = await GetAsync($"/jobs?kind={NoOpKind.Kind}&limit=1000{next}", token);
            jobs.AddRange(page.RootElement.GetProperty("items").EnumerateArray().Select(NoOpJob.Of));
            next = page.RootElement.GetProperty("nextCursor").GetString() is { } cursor ? $"&cursor={cursor}" : null;
        }

        return jobs;
    }

    /// <summary>SIGKILL.</summary>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Client.Dispose();
    }

    private async Task<bool> IsEmptyAsync(string status, CancellationToken token)
    {
        using JsonDocument page = await GetAsync($"/jobs?kind={NoOpKind.Kind}&status={status}&limit=1", token);
        return page.RootElement.GetProperty("items").GetArrayLength() == 0;
    }

    private async Task<JsonDocument> GetAsync(string path, CancellationToken token)
    {
        using HttpResponseMessage answer = await Client.GetAsync(new Uri(path, UriKind.Relative), token);
        return await Production.ReadAsync(answer, token);
    }
}

/// <summary>A job as <c>/jobs</c> shows it.</summary>
internal sealed record NoOpJob(Guid Id, string Status, int Attempts, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt)
{
    public static NoOpJob Of(JsonElement view) => new(
        view.GetProperty("id").GetGuid(), view.GetProperty("status").GetString()!, view.GetProperty("attempts").GetInt32(), Time(view, "startedAt"), Time(view, "finishedAt"));

    private static DateTimeOffset? Time(JsonElement view, string name) =>
        view.TryGetProperty(name, out JsonElement time) && time.ValueKind == JsonValueKind.String ? time.GetDateTimeOffset() : null;
}
