using System.Text.Json;
using AsyncApi.Http.Problems;
using AsyncApi.Tests.Fetches;
using AsyncApi.Tests.Http;
using AsyncApi.TestSupport;

namespace AsyncApi.Tests.Jobs;

public sealed class JobWaitTests(ServiceWithTarget both) : IClassFixture<ServiceWithTarget>
{
    private readonly ServiceUnderTest _service = both.Service;
    private readonly TargetServer _target = both.Target;

    [Fact]
    public async Task All_completed_is_the_default_and_keeps_the_order_of_the_ids()
    {
        string slow = await SubmitAsync("delay/300");
        string fast = await SubmitAsync("ok/1");

        JsonElement answer = await WaitAsync($$"""{"ids":["{{slow}}","{{fast}}","{{slow}}"]}""");

        Ids(answer, "done").ShouldBe([slow, fast]);
        Ids(answer, "pending").ShouldBeEmpty();
    }

    [Fact]
    public async Task First_completed_leaves_the_others_pending()
    {
        string slow = await SubmitAsync("delay/60000");
        string fast = await SubmitAsync("ok/1");

        JsonElement answer = await WaitAsync($$"""{"ids":["{{slow}}","{{fast}}"],"returnWhen":"firstCompleted"}""");

        Ids(answer, "done").ShouldBe([fast]);
        Ids(answer, "pending").ShouldBe([slow]);
        using HttpResponseMessage cancelled = await _service.PostAsync($"/jobs/{slow}/cancel", "");
    }

    [Fact]
    public async Task First_failed_does_not_end_with_a_success()
    {
        string fine = await SubmitAsync("ok/1");
        string slow = await SubmitAsync("delay/60000");
        string fails = await SubmitAsync("status/500?late", """{"stopWhen":"firstFailure","retry":{"maxRetries":1,"baseDelaySeconds":0.3}}""");

        JsonElement answer = await WaitAsync($$"""{"ids":["{{fine}}","{{slow}}","{{fails}}"],"returnWhen":"firstFailed"}""");

        Ids(answer, "done").ShouldBe([fine, fails]);
        Ids(answer, "pending").ShouldBe([slow]);
        using HttpResponseMessage cancelled = await _service.PostAsync($"/jobs/{slow}/cancel", "");
    }

    [Fact]
    public async Task Timeout_answers_with_what_is_so_far()
    {
        string slow = await SubmitAsync("delay/60000");

        JsonElement answer = await WaitAsync($$"""{"ids":["{{slow}}"],"timeoutSeconds":0.1}""");

        Ids(answer, "pending").ShouldBe([slow]);
        using HttpResponseMessage cancelled = await _service.PostAsync($"/jobs/{slow}/cancel", "");
    }

    [Theory]
    [InlineData("{}", "ids: is required")]
    [InlineData("""{"ids":[]}""", "ids: must")]
    [InlineData("""{"ids":["x"]}""", "ids[0]: must be a UUID, was \"x\"")]
    [InlineData("""{"ids":["019aa0f3-5a5c-7c7e-8f65-0d9bd2f7a001"],"returnWhen":"soon"}""", "returnWhen: must be one of")]
    [InlineData("""{"ids":["019aa0f3-5a5c-7c7e-8f65-0d9bd2f7a001"],"timeoutSeconds":61}""", "timeoutSeconds: must")]
    public async Task Question_that_makes_no_sense_is_said(string body, string fault)
    {
        using HttpResponseMessage answer = await _service.PostAsync("/jobs/wait", body);

        (await answer.ShouldBeFaultsAsync()).ShouldHaveSingleItem().ShouldStartWith(fault);
    }

    [Fact]
    public async Task Unknown_id_is_404()
    {
        using HttpResponseMessage answer = await _service.PostAsync("/jobs/wait", $$"""{"ids":["{{Guid.NewGuid()}}"]}""");

        await answer.ShouldBeProblemAsync(ProblemTypes.NotFound);
    }

    private static string[] Ids(JsonElement answer, string name) => [.. answer.GetProperty(name).EnumerateArray().Select(job => job.Text("id"))];

    private async Task<string> SubmitAsync(string path, string options = "{}") =>
        (await _service.SubmitAsync(ServiceCalls.Batch([_target.Url(path)], options)))["/fetches/".Length..];

    private async Task<JsonElement> WaitAsync(string body)
    {
        using HttpResponseMessage answer = await _service.PostAsync("/jobs/wait", body);
        return await answer.JsonAsync();
    }
}
