using System.Net;
using System.Text.Json;
using AsyncApi.Http.Problems;
using AsyncApi.Items;
using AsyncApi.Jobs;
using AsyncApi.Tests.Fetches;
using AsyncApi.Tests.Http;
using AsyncApi.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace AsyncApi.Tests.Items;

/// <summary>Items whose jobs are held back, so that what comes between is seen.</summary>
public class ItemJobTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private TargetServer _target = null!;
    private ServiceUnderTest _service = null!;
    private string _release = null!;

    public async ValueTask InitializeAsync()
    {
        _target = await TargetServer.StartAsync();
        _service = await ServiceUnderTest.StartInAsync(_folder.Path, ("Jobs:MaxRunning", "1"), ("Jobs:MaxQueued", "4"));
        _release = await _service.HoldTheSlotAsync(_target);
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _target.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Waiting_item_is_accepted_and_shown_as_such()
    {
        using HttpResponseMessage answer = await _service.PostAsync("/items", ItemCalls.Body("data"), headers: ("Prefer", "wait=0"));

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        answer.Headers.GetValues("Preference-Applied").ShouldBe(["wait=0"]);
        JsonElement item = await _service.JsonAsync("/items/1");
        (item.Text("status"), item.GetProperty("result").ValueKind).ShouldBe(("accepted", JsonValueKind.Null));
        (await _service.JsonAsync("/items?status=accepted")).GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Full_queue_takes_no_item_and_loses_none()
    {
        string path = "";
        for (int i = 0; i < 3; i++)
        {
            path = await _service.AddItemAsync("data");
        }

        using HttpResponseMessage post = await _service.PostAsync("/items", ItemCalls.Body("one more"));
        using HttpResponseMessage put = await _service.PutAsync(path, ItemCalls.Body("one more"));

        await post.ShouldBeProblemAsync(ProblemTypes.QueueFull);
        post.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeGreaterThan(0);
        await put.ShouldBeProblemAsync(ProblemTypes.QueueFull);
        await ReleaseAsync();
        for (int i = 1; i <= 3; i++)
        {
            (await _service.ItemOverAsync($"/items/{i}")).Text("data").ShouldBe("data");
        }
    }

    [Fact]
    public async Task Replaced_while_it_waits_the_item_is_processed_once_with_the_newest_data()
    {
        string path = await _service.AddItemAsync("old");
        string old = (await _service.JsonAsync(path)).Text("jobId");

        JsonElement accepted = await _service.PutAsync(path, ItemCalls.Body("new data", "named")).ShouldBeAsync(HttpStatusCode.Accepted);
        await ReleaseAsync();

        JsonElement item = await _service.ItemOverAsync(path);
        (item.Text("data"), item.Text("name"), item.At("result.words").GetInt32()).ShouldBe(("new data", "named", 2));
        item.Text("jobId").ShouldBe(accepted.Text("jobId"));
        (await JobAsync(old)).Text("status").ShouldBe("cancelled");
        (await JobAsync(accepted.Text("jobId"))).Text("status").ShouldBe("completed");
    }

    [Fact]
    public async Task Result_of_an_older_job_that_still_runs_is_dropped()
    {
        string path = await _service.AddItemAsync("old");
        JobLease old = await ClaimAsync();
        ItemWorkStore work = _service.Services.GetRequiredService<ItemWorkStore>();
        string begun = (await work.BeginAsync(old.JobId, Token)).Data!;
        (await _service.JsonAsync(path)).Text("status").ShouldBe("processing");

        await _service.PutAsync(path, ItemCalls.Body("new")).ShouldBeAsync(HttpStatusCode.Accepted);
        await work.FinishAsync(old, ItemResult.Of(begun), Token);

        JsonElement item = await _service.JsonAsync(path);
        (item.Text("status"), item.Text("data"), item.GetProperty("result").ValueKind).ShouldBe(("accepted", "new", JsonValueKind.Null));
        (await work.BeginAsync(old.JobId, Token)).ShouldBe(new ItemWork(null, null));
    }

    [Fact]
    public async Task Job_of_a_deleted_item_is_cancelled()
    {
        string path = await _service.AddItemAsync("data");
        string job = (await _service.JsonAsync(path)).Text("jobId");

        await _service.DeleteAsync(path).ShouldBeAsync(HttpStatusCode.NoContent);

        (await JobAsync(job)).Text("status").ShouldBe("cancelled");
    }

    [Fact]
    public async Task Item_whose_job_is_cancelled_has_failed_and_says_so()
    {
        string path = await _service.AddItemAsync("data");
        string job = (await _service.JsonAsync(path)).Text("jobId");

        await _service.PostAsync($"/jobs/{job}/cancel", "").ShouldBeAsync(HttpStatusCode.OK);

        JsonElement item = await _service.ItemOverAsync(path);
        (item.Text("status"), item.Text("error"), item.GetProperty("result").ValueKind)
            .ShouldBe(("failed", ItemWorkStore.CancelledError, JsonValueKind.Null));
        JsonElement again = await _service.PutAsync(path, ItemCalls.Body("again")).ShouldBeAsync(HttpStatusCode.Accepted);
        (await _service.JsonAsync(path)).GetProperty("error").ValueKind.ShouldBe(JsonValueKind.Null);
        again.Text("jobId").ShouldNotBe(job);
    }

    [Fact]
    public async Task Cancel_that_comes_while_it_is_processed_wins()
    {
        string path = await _service.AddItemAsync("data");
        JobLease lease = await ClaimAsync();
        ItemWorkStore work = _service.Services.GetRequiredService<ItemWorkStore>();
        await work.BeginAsync(lease.JobId, Token);

        await _service.PostAsync($"/jobs/{lease.JobId}/cancel", "").ShouldBeAsync(HttpStatusCode.OK);
        (await work.FinishAsync(lease, ItemResult.Of("data"), Token)).ShouldBeTrue();

        (await _service.JsonAsync(path)).Text("status").ShouldBe("failed");
    }

    [Fact]
    public async Task Worker_that_lost_the_job_writes_nothing()
    {
        string path = await _service.AddItemAsync("data");
        JobLease lost = await ClaimAsync();
        JobStore jobs = _service.Services.GetRequiredService<JobStore>();
        await jobs.HandBackAsync(lost, Token);
        await ClaimAsync();

        await Should.ThrowAsync<LeaseLostException>(() =>
            _service.Services.GetRequiredService<ItemWorkStore>().FinishAsync(lost, ItemResult.Of("data"), Token));

        (await _service.JsonAsync(path)).Text("status").ShouldBe("accepted");
    }

    [Fact]
    public async Task Accepted_items_are_processed_after_a_restart_under_their_request()
    {
        using HttpResponseMessage answer = await _service.PostAsync("/items", ItemCalls.Body("some data"), headers: ("X-Request-Id", "first-life"));
        await _service.DisposeAsync();

        _service = await ServiceUnderTest.StartInAsync(_folder.Path);

        (await _service.ItemOverAsync("/items/1")).At("result.words").GetInt32().ShouldBe(2);
        await Eventually.Until(() => _service.Log.Lines.Any(line => line.RequestId is "first-life"));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Task<JsonElement> ReleaseAsync() => _service.PostAsync(_release, "").ShouldBeAsync(HttpStatusCode.OK);

    private async Task<JobLease> ClaimAsync()
    {
        Guid worker = Guid.NewGuid();
        await _service.Services.GetRequiredService<WorkerStore>().EnterAsync(worker, Token);
        JobClaim claim = await _service.Services.GetRequiredService<JobClaimStore>().ClaimAsync(worker, 1, new ClaimShares(), Token);
        return claim.Leases.ShouldHaveSingleItem();
    }

    private async Task<JsonElement> JobAsync(string id)
    {
        using HttpResponseMessage answer = await _service.GetAsync($"/jobs/{id}", ("Prefer", "wait=60"));
        return await answer.JsonAsync();
    }
}
