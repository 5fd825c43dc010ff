using System.Net;
using System.Text.Json;
using AsyncApi.Http.Problems;
using AsyncApi.Tests.Http;
using AsyncApi.TestSupport;

namespace AsyncApi.Tests.Fetches;

public class FetchListTests : IAsyncLifetime
{
    private ServiceUnderTest _service = null!;
    private TargetServer _target = null!;

    public async ValueTask InitializeAsync()
    {
        _target = await TargetServer.StartAsync();
        _service = await ServiceUnderTest.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _target.DisposeAsync();
        await _service.DisposeAsync();
    }

    [Theory]
    [InlineData("/fetches")]
    [InlineData("/jobs")]
    public async Task Pages_hold_each_old_one_once_while_new_ones_arrive(string list)
    {
        List<string> old = [];
        for (int i = 0; i < 7; i++)
            old.Add(await SubmitAsync($"old {i}"));
        old.Reverse();

        List<string> seen = [];
        string? next = $"{list}?limit=3";
        while (next is not null)
        {
            using HttpResponseMessage answer = await _service.GetAsync(next);
            JsonElement page = await answer.JsonAsync();
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.Text("id")));
            string? cursor = page.GetProperty("nextCursor").GetString();
            next = cursor is null ? null : $"{list}?limit=3&cursor={cursor}";
            answer.Headers.TryGetValues("Link", out IEnumerable<string>? link).ShouldBe(cursor is not null);
            link?.Single().ShouldBe($"<{next}>; rel=\"next\"");
            await SubmitAsync("new");
        }

        seen.ShouldBe(old);
    }

    [Theory]
    [InlineData("/fetches")]
    [InlineData("/jobs")]
    public async Task Filters_select_and_page_together(string list)
    {
        foreach (string label in (string[])["nightly", "Nightly 2", "other", "50%", "50x"])
            await SubmitAsync(label);
        await _service.OverAsync(await _service.SubmitAsync(ServiceCalls.Batch([_target.Url("ok/1")])));
        string running = await _service.SubmitAsync(ServiceCalls.Batch([_target.Url("delay/60000")], more: ",\"label\":\"stays\""));
        await Eventually.Until(() => _target.Running == 1);

        (await LabelsAsync($"{list}?label=nightly")).ShouldBe(["nightly"]);
        (await LabelsAsync($"{list}?search=NIGHTLY")).ShouldBe(["Nightly 2", "nightly"]);
        (await LabelsAsync($"{list}?search=50%25")).ShouldBe(["50%"]);
        (await LabelsAsync($"{list}?status=running")).ShouldBe(["stays"]);
        (await LabelsAsync($"{list}?status=completed&search=t")).ShouldBe(["other", "Nightly 2", "nightly"]);
        (await LabelsAsync($"{list}?status=paused")).ShouldBeEmpty();
        (await LabelsAsync($"{list}?search=NIGHTLY&limit=1")).ShouldBe(["Nightly 2"]);
        (await _service.JsonAsync("/jobs?kind=item")).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await _service.JsonAsync("/jobs?kind=fetch")).GetProperty("items").GetArrayLength().ShouldBe(7);
        running.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("?limit=0")]
    [InlineData("?limit=1001")]
    [InlineData("?limit=x")]
    [InlineData("?cursor=x")]
    [InlineData("?status=done")]
    [InlineData("?status=1")]
    [InlineData("?label=a&label=b")]
    public async Task Bad_parameter_is_named(string query)
    {
        foreach (string list in (string[])["/fetches", "/jobs"])
        {
            using HttpResponseMessage answer = await _service.GetAsync(list + query);
            (await answer.ShouldBeFaultsAsync()).ShouldHaveSingleItem().ShouldStartWith(query[1..query.IndexOf('=', StringComparison.Ordinal)]);
        }
    }

    [Fact]
    public async Task Unknown_parameter_of_a_read_is_ignored()
    {
        using HttpResponseMessage answer = await _service.GetAsync("/fetches?colour=red");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("N")]
    [InlineData("B")]
    public async Task Id_in_another_spelling_is_404(string format)
    {
        string path = await _service.SubmitAsync(ServiceCalls.Batch([_target.Url("ok/1")]));
        string spelt = Guid.Parse(path.Split('/')[^1]).ToString(format);

        foreach (string resource in (string[])[$"/fetches/{spelt}", $"/fetches/{spelt}/results", $"/jobs/{spelt}"])
        {
            using HttpResponseMessage answer = await _service.Client.GetAsync(new Uri(resource, UriKind.Relative), TestContext.Current.CancellationToken);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound, resource);
        }
    }

    [Theory]
    [InlineData("none")]
    [InlineData("019aa0f3-5a5c-7c7e-8f65-0d9bd2f7a001")]
    [InlineData("0")]
    public async Task Unknown_or_malformed_id_is_404(string id)
    {
        foreach (string path in (string[])[$"/fetches/{id}", $"/jobs/{id}", $"/fetches/{id}/results", $"/fetches/{id}/results/0"])
        {
            using HttpResponseMessage answer = await _service.GetAsync(path, ("Prefer", "wait=30"));
            await answer.ShouldBeProblemAsync(ProblemTypes.NotFound);
        }
    }

    private async Task<string> SubmitAsync(string label)
    {
        string path = await _service.SubmitAsync(ServiceCalls.Batch([_target.Url("ok/1")], more: $",\"label\":\"{label}\""));
        await _service.OverAsync(path);
        return path["/fetches/".Length..];
    }

    private async Task<string[]> LabelsAsync(string path) =>
        [.. (await _service.JsonAsync(path)).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("label").GetString() ?? "")];
}
