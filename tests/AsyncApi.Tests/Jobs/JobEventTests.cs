using System.Net;
using System.Text.Json;
using AsyncApi.Http.Problems;
using AsyncApi.Tests.Fetches;
using AsyncApi.Tests.Http;
using AsyncApi.TestSupport;

namespace AsyncApi.Tests.Jobs;

public sealed class JobEventTests(ServiceWithTarget both) : IClassFixture<ServiceWithTarget>
{
    private const string Events = "text/event-stream";

    private readonly ServiceUnderTest _service = both.Service;
    private readonly TargetServer _target = both.Target;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Job_is_told_from_its_status_over_its_progress_to_its_end()
    {
        string id = await SubmitAsync(8, "delay/200", """{"concurrency":1}""");

        List<Event> events = await ReadAsync($"/jobs/{id}/events");

        events[0].Name.ShouldBe("status");
        events.ShouldContain(happened => happened.Name == "progress" && happened.Data.Number("total") == 8);
        events[^1].Name.ShouldBe("end");
        events[^1].Data.Text("status").ShouldBe("completed");
        events.ShouldAllBe(happened => happened.Data.Text("id") == id);
    }

    [Fact]
    public async Task Reader_that_comes_back_hears_what_changed_and_204_when_it_has_seen_the_end()
    {
        string id = await SubmitAsync(1, "ok/1");
        await _service.OverAsync($"/fetches/{id}");
        Event end = (await ReadAsync($"/jobs/{id}/events")).ShouldHaveSingleItem();

        (await ReadAsync($"/jobs/{id}/events", "0")).ShouldHaveSingleItem().Id.ShouldBe(end.Id);
        using HttpResponseMessage seen = await _service.GetAsync($"/jobs/{id}/events", ("Last-Event-ID", end.Id));
        seen.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Thousand_watchers_all_hear_the_end()
    {
        string id = await SubmitAsync(1, "delay/1500");

        List<Event>[] heard = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => ReadAsync($"/jobs/{id}/events")));

        heard.Select(events => events[^1].Name).Distinct().ShouldBe(["end"]);
    }

    [Fact]
    public async Task All_jobs_are_told_from_the_last_seen_on()
    {
        using HttpResponseMessage live = await _service.GetAsync("/jobs/events", ("Accept", Events));
        await using Stream stream = await live.Content.ReadAsStreamAsync(Token);
        using StreamReader reader = new(stream);
        string id = await SubmitAsync(1, "ok/1");
        Event heard;
        do
            heard = (await NextAsync(reader))!;
        while (heard.Data.Text("id") != id || heard.Name != "end");

        string later = await SubmitAsync(1, "ok/2");
        await _service.OverAsync($"/fetches/{later}");
        using HttpResponseMessage again = await _service.GetAsync("/jobs/events", ("Accept", Events), ("Last-Event-ID", heard.Id));
        await using Stream rest = await again.Content.ReadAsStreamAsync(Token);
        using StreamReader resumed = new(rest);
        do
            heard = (await NextAsync(resumed))!;
        while (heard.Data.Text("id") != later);
        heard.Name.ShouldBe("end");
    }

    [Theory]
    [InlineData("/jobs/019aa0f3-5a5c-7c7e-8f65-0d9bd2f7a001/events", "", "not-found")]
    [InlineData("/jobs/x/events", "", "not-found")]
    [InlineData("/jobs/events", "soon", "validation")]
    public async Task Stream_that_cant_be_is_a_problem(string path, string lastEventId, string slug)
    {
        using HttpResponseMessage answer = await _service.GetAsync(path, ("Accept", Events), ("Last-Event-ID", lastEventId));

        await answer.ShouldBeProblemAsync(slug == "validation" ? ProblemTypes.Validation : ProblemTypes.NotFound);
    }

    [Fact]
    public async Task Reader_that_takes_no_events_is_406()
    {
        using HttpResponseMessage answer = await _service.GetAsync("/jobs/events", ("Accept", "application/json"));

        await answer.ShouldBeProblemAsync(ProblemTypes.NotAcceptable);
    }

    private static async Task<Event?> NextAsync(StreamReader reader)
    {
        Dictionary<string, string> fields = [];
        while (await reader.ReadLineAsync(Token) is { } line)
        {
            if (line.Length == 0 && fields.TryGetValue("data", out string? data))
                return new Event(fields["id"], fields["event"], JsonDocument.Parse(data).RootElement);
            if (line.IndexOf(": ", StringComparison.Ordinal) is > 0 and var colon)
                fields[line[..colon]] = line[(colon + 2)..];
        }
        return null;
    }

    private async Task<List<Event>> ReadAsync(string path, string lastEventId = "")
    {
        using HttpResponseMessage answer = await _service.GetAsync(path, ("Accept", Events), ("Last-Event-ID", lastEventId));
        answer.Content.Headers.ContentType!.MediaType.ShouldBe(Events);
        await using Stream stream = await answer.Content.ReadAsStreamAsync(Token);
        using StreamReader reader = new(stream);
        List<Event> events = [];
        while (await NextAsync(reader) is { } happened)
            events.Add(happened);
        return events;
    }

    private async Task<string> SubmitAsync(int count, string path, string options = "{}") =>
        (await _service.SubmitAsync(ServiceCalls.Batch(Enumerable.Range(0, count).Select(i => _target.Url($"{path}?{i}")), options)))["/fetches/".Length..];

    private sealed record Event(string Id, string Name, JsonElement Data);
}
