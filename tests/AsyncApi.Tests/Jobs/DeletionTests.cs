using System.Net;
using AsyncApi.Http.Problems;
using AsyncApi.Jobs;
using AsyncApi.Tests.Fetches;
using AsyncApi.Tests.Http;
using AsyncApi.Tests.Storage;
using AsyncApi.TestSupport;

namespace AsyncApi.Tests.Jobs;

public sealed class DeletionTests(ServiceWithTarget both) : IClassFixture<ServiceWithTarget>
{
    private static readonly string[] Tables = ["jobs", "fetches", "fetch_hosts", "fetch_requests", "fetch_results", "fetch_bodies", "fetch_waits"];

    private readonly TargetServer _target = both.Target;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deleted_fetch_is_410_everywhere_and_leaves_no_row_and_no_file()
    {
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        string fetch = await service.SubmitAsync(ServiceCalls.Batch(
            Enumerable.Range(0, 2_500).Select(i => _target.Url($"ok/{i}")).Append(_target.Url("bytes/200000"))));
        (await service.OverAsync(fetch)).GetProperty("expiresAt").GetDateTime().ShouldBeGreaterThan(DateTime.UnixEpoch);
        Directory.EnumerateFileSystemEntries(Path.Combine(service.Folder, "bodies")).ShouldNotBeEmpty();

        using HttpResponseMessage deleted = await service.Client.DeleteAsync(new Uri(JobOf(fetch), UriKind.Relative), Token);

        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        foreach (string path in (string[])[fetch, JobOf(fetch), fetch + "/results", fetch + "/results/0", fetch + "/results/0/body", JobOf(fetch) + "/events"])
        {
            using HttpResponseMessage gone = await service.GetAsync(path);
            await gone.ShouldBeProblemAsync(ProblemTypes.Gone);
        }

        using HttpResponseMessage again = await service.Client.DeleteAsync(new Uri(JobOf(fetch), UriKind.Relative), Token);
        await again.ShouldBeProblemAsync(ProblemTypes.Gone);
        foreach (string table in Tables)
            await Eventually.Until(async () => await service.CountAsync(table) == 0, text: table);
        await Eventually.Until(() => !Directory.EnumerateFileSystemEntries(Path.Combine(service.Folder, "bodies")).Any());
    }

    [Fact]
    public async Task Job_that_is_not_over_is_409_and_an_unknown_one_404()
    {
        string fetch = await both.Service.SubmitAsync(ServiceCalls.Batch([_target.Url("ok/1")], more: ",\"delaySeconds\":600"));

        using HttpResponseMessage open = await both.Service.Client.DeleteAsync(new Uri(JobOf(fetch), UriKind.Relative), Token);
        using HttpResponseMessage unknown = await both.Service.Client.DeleteAsync(new Uri($"/jobs/{Guid.NewGuid()}", UriKind.Relative), Token);
        using HttpResponseMessage malformed = await both.Service.Client.DeleteAsync(new Uri("/jobs/1", UriKind.Relative), Token);

        await open.ShouldBeProblemAsync(ProblemTypes.Conflict);
        await unknown.ShouldBeProblemAsync(ProblemTypes.NotFound);
        await malformed.ShouldBeProblemAsync(ProblemTypes.NotFound);
    }

    [Fact]
    public async Task Jobs_are_deleted_after_the_time_they_are_kept_and_those_that_are_not_over_are_not()
    {
        using TempFolder folder = new();
        string over;
        string open;
        await using (ServiceUnderTest before = await ServiceUnderTest.StartInAsync(folder.Path))
        {
            over = await before.SubmitAsync(ServiceCalls.Batch([_target.Url("ok/1")]));
            open = await before.SubmitAsync(ServiceCalls.Batch([_target.Url("ok/1")], more: ",\"delaySeconds\":600"));
            await before.OverAsync(over);
        }

        await using ServiceUnderTest after = await ServiceUnderTest.StartInAsync(folder.Path, ("Jobs:RetentionDays", "0"));

        await Eventually.Until(async () => (await after.GetAsync(over)).StatusCode == HttpStatusCode.Gone);
        await Eventually.Until(async () => await after.CountAsync("fetch_results") == 0);
        (await after.JsonAsync(open)).Text("status").ShouldBe("scheduled");
    }

    [Fact]
    public async Task What_a_stop_leaves_of_a_deletion_is_removed_by_the_next_start()
    {
        using TempFolder folder = new();
        await using (ServiceUnderTest before = await ServiceUnderTest.StartInAsync(folder.Path))
        {
            string fetch = await before.SubmitAsync(ServiceCalls.Batch([_target.Url("ok/1")]));
            await before.OverAsync(fetch);
            // Hidden, and nobody removes it.
            JobDeletionStore store = (JobDeletionStore)before.Services.GetService(typeof(JobDeletionStore))!;
            (await store.DeleteAsync(Guid.Parse(fetch["/fetches/".Length..]), Token)).Removal.ShouldNotBeNull();
        }

        await using ServiceUnderTest after = await ServiceUnderTest.StartInAsync(folder.Path);
        foreach (string table in Tables)
            await Eventually.Until(async () => await after.CountAsync(table) == 0, text: table);
    }

    [Theory]
    [MemberData(nameof(DatabaseUnderTest.All), MemberType = typeof(DatabaseUnderTest))]
    public async Task Deletion_is_remembered_for_30_days(string database)
    {
        await using JobsUnderTest jobs = await JobsUnderTest.StartAsync(database);
        JobDeletionStore store = new(jobs.Database, new JobKinds([]), new NoCallbacks(), jobs.Time);
        Job job = await jobs.AddAsync();
        JobLease lease = (await jobs.ClaimAsync(await jobs.EnterAsync())).ShouldHaveSingleItem();
        await jobs.Store.FinishAsync(lease, JobStatus.Completed, null, Token);
        (await store.DeleteAsync(job.Id, Token)).IsDeleted.ShouldBeTrue();

        jobs.Time.Advance(JobDeletionStore.Remembered - TimeSpan.FromMilliseconds(1));
        await store.ForgetAsync(Token);
        (await store.WasDeletedAsync(job.Id, Token)).ShouldBeTrue();
        jobs.Time.Advance(TimeSpan.FromMilliseconds(1));
        (await store.WasDeletedAsync(job.Id, Token)).ShouldBeFalse();
        await store.ForgetAsync(Token);
        using AsyncApi.Storage.ReadSession session = await jobs.Database.OpenReadAsync(Token);
        session.Context.Set<JobTombstone>().Count().ShouldBe(0);
    }

    private static string JobOf(string fetch) => fetch.Replace("fetches", "jobs", StringComparison.Ordinal);
}
