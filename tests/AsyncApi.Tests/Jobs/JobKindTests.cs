using System.Net;
using System.Text.Json;
using AsyncApi.Jobs;
using AsyncApi.Storage;
using AsyncApi.Tests.Fetches;
using AsyncApi.Tests.Items;
using AsyncApi.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace AsyncApi.Tests.Jobs;

/// <summary>A new kind of job is a handler and its registration; docs/adding-a-job-kind.md tells how.</summary>
public sealed class JobKindTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task New_kind_is_listed_waited_for_and_counts_its_progress()
    {
        await using ServiceUnderTest service = await StartAsync();
        Guid id = await AddAsync(service, total: 5);

        JsonElement over = await OverAsync(service, id);

        (over.Text("kind"), over.Text("status")).ShouldBe(("count", "completed"));
        over.GetProperty("progress").ShouldBeJson("""{"done":5,"total":5}""");
        (await service.JsonAsync("/jobs?kind=count")).GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task New_kind_rests_and_goes_on_where_it_stood()
    {
        await using ServiceUnderTest service = await StartAsync();
        Guid id = await AddAsync(service, total: 1_000_000);
        await Eventually.Until(async () => (await service.JsonAsync($"/jobs/{id}")).At("progress.done").GetInt32() > 5);

        await service.PostAsync($"/jobs/{id}/pause", "").ShouldBeAsync(HttpStatusCode.OK);
        await Eventually.Until(() => service.Services.GetRequiredService<RunningJobs>().Count == 0);
        int done = (await service.JsonAsync($"/jobs/{id}")).At("progress.done").GetInt32();
        await service.PostAsync($"/jobs/{id}/resume", "").ShouldBeAsync(HttpStatusCode.OK);
        await Eventually.Until(async () => (await service.JsonAsync($"/jobs/{id}")).At("progress.done").GetInt32() > done);

        await service.PostAsync($"/jobs/{id}/cancel", "").ShouldBeAsync(HttpStatusCode.OK);
        (await OverAsync(service, id)).Text("status").ShouldBe("cancelled");
    }

    [Fact]
    public async Task Failure_of_a_new_kind_fails_its_job_alone()
    {
        await using ServiceUnderTest service = await StartAsync();
        Guid bad = await AddAsync(service, total: -1);
        Guid good = await AddAsync(service, total: 1);

        (await OverAsync(service, bad)).Text("status").ShouldBe("failed");
        (await OverAsync(service, good)).Text("status").ShouldBe("completed");
    }

    private static Task<ServiceUnderTest> StartAsync() =>
        ServiceUnderTest.StartWithAsync(services => services.AddSingleton<IJobHandler, CountJobHandler>());

    private static async Task<Guid> AddAsync(ServiceUnderTest service, long total)
    {
        Job job = new()
        {
            Id = Guid.CreateVersion7(),
            Kind = "count",
            Status = JobStatus.Queued,
            Total = total,
            RequestId = "test",
            CreatedAt = TimeProvider.System.GetUtcNow(),
        };
        await service.Database.WriteAsync((session, stop) => JobRows.InsertAsync(session, job, stop), Token);
        service.Services.GetRequiredService<JobWakeUp>().Ring();
        return job.Id;
    }

    private static async Task<JsonElement> OverAsync(ServiceUnderTest service, Guid id)
    {
        using HttpResponseMessage answer = await service.GetAsync($"/jobs/{id}", ("Prefer", "wait=30"));
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token)).RootElement;
    }

    /// <summary>Counts to its total, and goes on where an earlier claim stood.</summary>
    private sealed class CountJobHandler(Database database) : IJobHandler
    {
        public string Kind => "count";

        public bool CanPause => true;

        public async Task<JobOutcome> RunAsync(JobWork work)
        {
            Job job = work.Lease.Job;
            if (job.Total < 0)
            {
                throw new InvalidOperationException("There is nothing to count to.");
            }

            for (long done = job.Done + 1; done <= job.Total; done++)
            {
                if (work.Cancelled.IsCancellationRequested)
                {
                    return JobOutcome.Cancelled;
                }

                if (work.Stopping.IsCancellationRequested)
                {
                    return JobOutcome.ToNextStart;
                }

                long now = done;
                await database.WriteAsync((session, stop) => JobStore.ProgressAsync(session, work.Lease, now, stop), work.Aborted);
            }

            return JobOutcome.Completed;
        }
    }
}
