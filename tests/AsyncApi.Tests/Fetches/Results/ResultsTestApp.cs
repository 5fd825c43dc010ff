using System.Text;
using AsyncApi.Fetches;
using AsyncApi.Fetches.Results;
using AsyncApi.Fetches.Running;
using AsyncApi.Fetching;
using AsyncApi.Jobs;
using AsyncApi.Storage;
using AsyncApi.Tests.Http;
using AsyncApi.Tests.Jobs;
using AsyncApi.Tests.Storage;
using AsyncApi.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AsyncApi.Tests.Fetches.Results;

/// <summary>The routes of the results on a real Kestrel over a real database; nothing runs, so that a test alone decides what is stored.</summary>
internal sealed class ResultsTestApp : IAsyncDisposable
{
    private readonly TempFolder _folder;
    private readonly HttpTestApp _http;
    private readonly WebApplication _app;
    private int _fetches;

    private ResultsTestApp(TempFolder folder, HttpTestApp http, WebApplication app) => (_folder, _http, _app) = (folder, http, app);

    public HttpClient Client => _http.Client;

    public CapturedLog Log => _http.Log;

    public Database Database => _app.Services.GetRequiredService<Database>();

    public IServiceProvider Services => _app.Services;

    public JobSignals Signals => _app.Services.GetRequiredService<JobSignals>();

    public BodyFiles Files => _app.Services.GetRequiredService<BodyFiles>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<ResultsTestApp> StartAsync(TimeProvider? time = null)
    {
        TempFolder folder = new();
        (string Key, string Value)[] settings = [("Storage:Path", folder.Path), .. await OnPostgreSql.SettingsAsync(null)];
        WebApplication app = null!;
        HttpTestApp http = await HttpTestApp.StartAsync(
            built => (app = built).MapGroup("/fetches").WithTags("Fetches").MapResults(),
            services =>
            {
                services.AddStorage(new ConfigurationManager());
                services.AddSingleton<JobKinds>().AddSingleton<IJobCallbacks, NoCallbacks>().AddSingleton<JobDeletionStore>().AddSingleton<JobSignals>().AddSingleton<LiveFetches>().AddSingleton<FetchStore>().AddSingleton<FetchViews>();
                services.AddSingleton(time ?? TimeProvider.System);
                services.AddResults();
            },
            builder =>
            {
                foreach ((string key, string value) in settings)
                    builder.Configuration[key] = value;
            });
        return new ResultsTestApp(folder, http, app);
    }

    /// <summary>A fetch that runs; requests with an even index go to <c>https://even.example</c>, the others to <c>http://odd.example:8080</c>.</summary>
    public Task<StoredFetch> AddFetchAsync(int total, Action<int, FetchRequestRow>? adjust = null)
    {
        DateTimeOffset created = DateTimeOffset.UnixEpoch.AddYears(56).AddMinutes(_fetches++);
        Job job = new()
        {
            Id = Guid.CreateVersion7(created),
            Kind = Fetch.JobKind,
            Status = JobStatus.Running,
            Priority = (int)FetchPriority.Normal,
            Total = total,
            RequestId = "test",
            CreatedAt = created,
            StartedAt = created,
        };
        Fetch fetch = new() { JobId = job.Id, Options = "{}", Total = total };
        return Database.WriteAsync(async (session, token) =>
        {
            session.Context.AddRange(job, fetch);
            await session.Context.SaveChangesAsync(token);
            FetchHostRow even = new() { FetchKey = fetch.Key, Host = "https://even.example:443" };
            FetchHostRow odd = new() { FetchKey = fetch.Key, Host = "http://odd.example:8080" };
            session.Context.AddRange(even, odd);
            await session.Context.SaveChangesAsync(token);
            for (int i = 0; i < total; i++)
            {
                bool isEven = i % 2 == 0;
                FetchRequestRow row = new()
                {
                    Id = RowKey.Of(fetch.Key, i),
                    HostId = isEven ? even.Id : odd.Id,
                    Url = isEven ? $"https://even.example/{i}" : $"http://odd.example:8080/{i}",
                };
                adjust?.Invoke(i, row);
                session.Context.Add(row);
            }

            await session.Context.SaveChangesAsync(token);
            return new StoredFetch(this, job, fetch);
        }, Token);
    }

    public Task StopAsync() => _app.StopAsync(Token);

    /// <summary>Opens an answer and returns when its headers are there.</summary>
    public async Task<HttpResponseMessage> OpenAsync(string path, string? accept = null, long? lastEventId = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        if (accept is not null)
            request.Headers.Add("Accept", accept);
        if (lastEventId is { } last)
            request.Headers.Add("Last-Event-ID", last.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
    }

    public async Task<string> TextAsync(string path, string? accept = null, long? lastEventId = null)
    {
        using HttpResponseMessage response = await OpenAsync(path, accept, lastEventId);
        byte[] body = await response.Content.ReadAsByteArrayAsync(Token);
        ((int)response.StatusCode).ShouldBe(200, Encoding.UTF8.GetString(body));
        return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(body);
    }

    public async ValueTask DisposeAsync()
    {
        await _http.DisposeAsync();
        _folder.Dispose();
    }
}
