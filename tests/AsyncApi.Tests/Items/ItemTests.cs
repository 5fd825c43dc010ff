using System.Net;
using System.Text.Json;
using AsyncApi.Http.Problems;
using AsyncApi.Tests.Fetches;
using AsyncApi.Tests.Http;

namespace AsyncApi.Tests.Items;

public class ItemTests : IAsyncLifetime
{
    private ServiceUnderTest _service = null!;

    public async ValueTask InitializeAsync() => _service = await ServiceUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Item_is_accepted_at_once_and_processed_in_the_background()
    {
        using HttpResponseMessage accepted = await _service.PostAsync("/items", """{"name":"greeting","data":"Hello, world"}""");

        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        accepted.Headers.Location!.ToString().ShouldBe("/items/1");
        JsonElement body = await accepted.JsonAsync();
        body.ShouldBeJson($$"""{"id":1,"status":"accepted","message":"Processing","jobId":"{{body.Text("jobId")}}"}""");
        JsonElement item = await _service.ItemOverAsync("/items/1");
        item.Text("status").ShouldBe("processed");
        item.GetProperty("result").ShouldBeJson(
            """{"length":12,"words":2,"sha256":"4ae7c3b6ac0beff671efa8cf57386151c06e58ca53a78d83f36107316cec125f"}""");
        (item.Text("name"), item.Text("data"), item.Text("jobId")).ShouldBe(("greeting", "Hello, world", body.Text("jobId")));
        item.GetProperty("error").ValueKind.ShouldBe(JsonValueKind.Null);
        string.CompareOrdinal(item.Text("createdAt"), item.Text("updatedAt")).ShouldBeLessThanOrEqualTo(0);
    }

    [Fact]
    public async Task Its_job_is_a_job_like_any_other()
    {
        string path = await _service.AddItemAsync("some data", "a name");
        JsonElement item = await _service.ItemOverAsync(path);

        using HttpResponseMessage held = await _service.GetAsync($"/jobs/{item.Text("jobId")}", ("Prefer", "wait=60"));
        JsonElement job = await held.JsonAsync();
        JsonElement listed = (await _service.JsonAsync("/jobs?kind=item&search=A NAME")).GetProperty("items").EnumerateArray().ShouldHaveSingleItem();

        (job.Text("kind"), job.Text("status"), job.Text("label")).ShouldBe(("item", "completed", "a name"));
        job.GetProperty("progress").ShouldBeJson("""{"done":1,"total":1}""");
        listed.Text("id").ShouldBe(job.Text("id"));
    }

    [Theory]
    [InlineData("", 0, 0)]
    [InlineData("   \t\n ", 6, 0)]
    [InlineData("one", 3, 1)]
    [InlineData(" two  words\u2003", 12, 2)]
    [InlineData("grüße 🙂🙂", 8, 2)]
    public async Task Result_counts_characters_and_words(string data, int length, int words)
    {
        JsonElement item = await _service.PostAsync("/items", ItemCalls.Body(data), headers: ("Prefer", "wait=60")).ShouldBeAsync(HttpStatusCode.OK);

        (item.At("result.length").GetInt32(), item.At("result.words").GetInt32()).ShouldBe((length, words));
    }

    [Fact]
    public async Task Preferred_wait_gives_the_processed_item()
    {
        using HttpResponseMessage posted = await _service.PostAsync("/items", ItemCalls.Body("first"), headers: ("Prefer", "wait=60"));
        string path = posted.Headers.Location!.ToString();
        using HttpResponseMessage put = await _service.PutAsync(path, ItemCalls.Body("second one"), ("Prefer", "wait=60"));

        foreach (HttpResponseMessage answer in (HttpResponseMessage[])[posted, put])
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            answer.Headers.GetValues("Preference-Applied").ShouldBe(["wait=60"]);
        }

        JsonElement item = await put.JsonAsync();
        (item.Text("status"), item.Text("data"), item.At("result.words").GetInt32()).ShouldBe(("processed", "second one", 2));
        using HttpResponseMessage known = await _service.GetAsync(path, ("If-None-Match", put.Headers.ETag!.Tag));
        known.StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task Processing_is_a_change_that_the_tag_shows()
    {
        string path = await _service.AddItemAsync("data");
        await _service.ItemOverAsync(path);
        using HttpResponseMessage seen = await _service.GetAsync(path);
        string tag = seen.Headers.ETag!.Tag;

        JsonElement accepted = await _service.PutAsync(path, ItemCalls.Body("newer"), ("If-Match", tag)).ShouldBeAsync(HttpStatusCode.Accepted);
        using HttpResponseMessage put = await _service.PutAsync(path, ItemCalls.Body("stale"), ("If-Match", tag));
        using HttpResponseMessage delete = await _service.DeleteAsync(path, ("If-Match", tag));

        accepted.Text("status").ShouldBe("accepted");
        await put.ShouldBeProblemAsync(ProblemTypes.PreconditionFailed);
        await delete.ShouldBeProblemAsync(ProblemTypes.PreconditionFailed);
        (await _service.ItemOverAsync(path)).Text("data").ShouldBe("newer");
    }

    [Fact]
    public async Task Deleted_item_is_gone_and_its_number_is_not_given_again()
    {
        string path = await _service.AddItemAsync("data");

        await _service.DeleteAsync(path).ShouldBeAsync(HttpStatusCode.NoContent);

        using HttpResponseMessage get = await _service.GetAsync(path);
        using HttpResponseMessage again = await _service.DeleteAsync(path);
        using HttpResponseMessage put = await _service.PutAsync(path, ItemCalls.Body("data"));
        await get.ShouldBeProblemAsync(ProblemTypes.NotFound);
        await again.ShouldBeProblemAsync(ProblemTypes.NotFound);
        await put.ShouldBeProblemAsync(ProblemTypes.NotFound);
        (await _service.AddItemAsync("data")).ShouldBe("/items/2");
        (await _service.CountAsync("jobs")).ShouldBe(2);
    }

    [Fact]
    public async Task Of_two_hundred_at_once_each_is_processed_with_its_own_data()
    {
        string[] paths = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => _service.AddItemAsync(new string('x', i))));

        paths.Distinct().Count().ShouldBe(200);
        foreach ((int i, string path) in paths.Index())
        {
            (await _service.ItemOverAsync(path)).At("result.length").GetInt32().ShouldBe(i);
        }
    }

    [Theory]
    [InlineData("""{}""", "data: is required")]
    [InlineData("""{"data":null}""", "data: must not be null")]
    [InlineData("""{"data":7,"name":false}""", "name: must be a string", "data: must be a string")]
    [InlineData("""{"data":"x","nmae":"typo"}""", "nmae: unknown member")]
    [InlineData("""{"data":"a\u0000b"}""", "data: must not hold NUL")]
    [InlineData("""[]""", "body: must be an object", "data: ")]
    public async Task Every_fault_of_an_item_is_named_and_nothing_is_stored(string body, params string[] faults)
    {
        using HttpResponseMessage answer = await _service.PostAsync("/items", body);

        string[] found = await answer.ShouldBeFaultsAsync();
        found[0].ShouldStartWith(faults[0]);
        (await _service.CountAsync("items") + await _service.CountAsync("jobs")).ShouldBe(0);
    }

    [Fact]
    public async Task Sizes_are_held_to_the_byte()
    {
        string[] most = [new('x', 65536), new('ä', 32768), new('\u0001', 65536)];
        foreach (string data in most)
        {
            using HttpResponseMessage taken = await _service.PostAsync("/items", ItemCalls.Body(data, new string('n', 200)));
            using HttpResponseMessage refused = await _service.PostAsync("/items", ItemCalls.Body(data + "x", new string('n', 201)));

            taken.StatusCode.ShouldBe(HttpStatusCode.Accepted);
            (await refused.ShouldBeFaultsAsync()).ShouldBe(["name: may have 200 characters, has 201", "data: may have 65536 bytes of UTF-8"]);
        }

        using HttpResponseMessage huge = await _service.PostAsync("/items", ItemCalls.Body(new string('x', 600_000)), headers: ServiceCalls.AskingFirst);
        await huge.ShouldBeProblemAsync(ProblemTypes.PayloadTooLarge);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("007")]
    [InlineData("-1")]
    [InlineData("one")]
    [InlineData("18446744073709551616")]
    public async Task Malformed_number_is_not_found(string id)
    {
        using HttpResponseMessage get = await _service.GetAsync($"/items/{id}");
        using HttpResponseMessage put = await _service.PutAsync($"/items/{id}", ItemCalls.Body("data"));
        using HttpResponseMessage delete = await _service.DeleteAsync($"/items/{id}");

        await get.ShouldBeProblemAsync(ProblemTypes.NotFound);
        await put.ShouldBeProblemAsync(ProblemTypes.NotFound);
        await delete.ShouldBeProblemAsync(ProblemTypes.NotFound);
    }
}
