using System.Net;
using System.Text.Json;
using AsyncApi.Jobs;
using AsyncApi.Tests.Fetches;
using AsyncApi.Tests.Http;
using AsyncApi.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace AsyncApi.Tests.Home;

public sealed class HealthTests
{
    [Fact]
    public async Task Service_is_alive_and_ready()
    {
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();

        JsonElement live = await service.JsonAsync("/health/live");
        JsonElement ready = await service.JsonAsync("/health/ready");

        live.ShouldBeJson("""{"status":"ok","checks":{}}""");
        ready.Text("status").ShouldBe("ok");
        ready.GetProperty("checks").EnumerateObject().Select(check => $"{check.Name} {check.Value.Text("status")}").ShouldBe(["database ok", "worker ok", "disk ok"]);
    }

    [Fact]
    public async Task Disk_under_its_floor_is_not_ready()
    {
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(("Storage:DiskFloorMegabytes", "1000000"));
        Assert.SkipWhen(new DriveInfo(service.Folder).AvailableFreeSpace > 1_000_000L * 1024 * 1024, "This disk has more room than a floor can ask for.");

        await ShouldFailAsync(service, "disk");
    }

    [Fact]
    public async Task Writer_that_hangs_is_not_ready_and_ready_again_afterwards()
    {
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task blocking = service.Database.WriteAsync((_, _) => new ValueTask(gate.Task), TestContext.Current.CancellationToken);

        await ShouldFailAsync(service, "database");

        using HttpResponseMessage live = await service.GetAsync("/health/live");
        live.StatusCode.ShouldBe(HttpStatusCode.OK);
        gate.SetResult();
        await blocking;
        await Eventually.Until(async () => (await service.GetAsync("/health/ready")).StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Worker_that_met_a_fault_is_not_ready_until_it_turns_again()
    {
        // With a long poll nothing but a signal turns the loop.
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(("Jobs:PollSeconds", "60"));
        using HttpResponseMessage before = await service.GetAsync("/health/ready");
        before.StatusCode.ShouldBe(HttpStatusCode.OK);
        await Eventually.Until(() => service.Log.Lines.Any(line => line.Text.Contains("of an earlier run go on")));

        service.Services.GetRequiredService<LoopHealth>().Fault("worker");

        await ShouldFailAsync(service, "worker");
        service.Services.GetRequiredService<JobWakeUp>().Ring();
        await Eventually.Until(async () => (await service.GetAsync("/health/ready")).StatusCode == HttpStatusCode.OK);
    }

    private static async Task ShouldFailAsync(ServiceUnderTest service, string name)
    {
        using HttpResponseMessage answer = await service.GetAsync("/health/ready");
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        JsonElement report = await answer.JsonAsync();
        report.Text("status").ShouldBe("failed");
        report.GetProperty("checks").EnumerateObject().Where(check => check.Value.Text("status") == "failed").Select(check => check.Name).ShouldBe([name]);
    }
}
