using System.Collections.Concurrent;
using AsyncApi.Benchmarks.Jobs;
using AsyncApi.Jobs;
using AsyncApi.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

[assembly: HostingStartup(typeof(NoOpKind))]

namespace AsyncApi.Benchmarks.Jobs;

/// <summary>
/// Adds to the service, where its environment names this assembly, a kind of job that does nothing: <c>POST /noop</c> makes one,
/// <c>GET /noop/{id}</c> tells when this process ran it, in milliseconds since 1970.
/// </summary>
internal sealed class NoOpKind : IHostingStartup, IStartupFilter
{
    public const string Kind = "noop";
    public const string Path = "/noop";

    public void Configure(IWebHostBuilder builder) => builder.ConfigureServices(services => services
        .AddSingleton<NoOpJobHandler>()
        .AddSingleton<IJobHandler>(known => known.GetRequiredService<NoOpJobHandler>())
        .AddSingleton<IStartupFilter>(this));

    // After the service's own: the routes are matched and answered within its pipeline.
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        next(app);
        app.UseEndpoints(routes =>
        {
            routes.MapPost(Path, AddAsync);
            routes.MapGet($"{Path}/{{id:guid}}", (Guid id, NoOpJobHandler handler) =>
                handler.Runs.TryGetValue(id, out double at) ? Results.Ok(at) : Results.NotFound());
        });
    };

    private static async Task<IResult> AddAsync(
        Database database, JobAdmission admission, JobWakeUp wakeUp, TimeProvider time, CancellationToken token)
    {
        if (await admission.RefusalAsync(token) is { } refusal)
        {
            return refusal;
        }

        Job job = new()
        {
            Id = Guid.CreateVersion7(),
            Kind = Kind,
            Status = JobStatus.Queued,
            Total = 1,
            RequestId = Kind,
            CreatedAt = time.GetUtcNow(),
        };
        await database.WriteAsync((session, stop) => JobRows.InsertAsync(session, job, stop), token);
        wakeUp.Ring();
        return Results.Accepted($"/jobs/{job.Id}", job.Id);
    }
}

internal sealed class NoOpJobHandler(TimeProvider time) : IJobHandler
{
    public string Kind => NoOpKind.Kind;

    public ConcurrentDictionary<Guid, double> Runs { get; } = new();

    public Task<JobOutcome> RunAsync(JobWork work)
    {
        Runs[work.Lease.JobId] = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMilliseconds;
        return Task.FromResult(JobOutcome.Completed);
    }
}
