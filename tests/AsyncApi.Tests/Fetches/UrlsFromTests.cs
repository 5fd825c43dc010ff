using System.Net;
using System.Text;
using System.Text.Json;
using AsyncApi.Tests.Files;
using AsyncApi.TestSupport;

namespace AsyncApi.Tests.Fetches;

/// <summary>Uploaded files as the input of fetches.</summary>
public sealed class UrlsFromTests(ServiceWithTarget both) : IClassFixture<ServiceWithTarget>
{
    private const string Blocked = "http://10.0.0.1/";

    private readonly ServiceUnderTest _service = both.Service;
    private readonly TargetServer _target = both.Target;

    [Fact]
    public async Task Requests_of_a_file_come_behind_those_of_the_body()
    {
        await StoreAsync("order.txt", $"# the list\r\n{Url(3)}\r\n\r\n{Url(4)}");

        string path = await _service.SubmitAsync(
            $$"""{"urls":["{{Url(1)}}"],"requests":[{"url":"{{Url(2)}}"}],"urlsFrom":"/files/order.txt"}""");

        (await _service.ResultsAsync(path)).Select(result => (result.Number("index"), result.Text("url")))
            .ShouldBe([(0, Url(1)), (1, Url(2)), (2, Url(3)), (3, Url(4))]);
    }

    [Theory]
    [InlineData("a.ndjson", null)]
    [InlineData("a.JSONL", "text/plain")]
    [InlineData("a.txt", "application/x-ndjson")]
    [InlineData("a.txt", "application/jsonl; charset=utf-8")]
    public async Task Ndjson_is_known_by_its_type_or_else_by_its_name(string name, string? contentType)
    {
        await StoreAsync(name, $$"""{"url":"{{Url(1)}}","tag":"one"}""" + "\n\"" + Url(2) + "\"\n", contentType);

        string path = await _service.SubmitAsync($$"""{"urlsFrom":"/files/{{name}}"}""");

        (await _service.ResultsAsync(path)).Select(result => result.GetProperty("tag").GetString()).ShouldBe(["one", null]);
    }

    [Theory]
    [InlineData("b.txt", null)]
    [InlineData("b", "application/x-www-form-urlencoded")]
    [InlineData("b.ndjson", "text/uri-list")]
    public async Task Anything_else_is_a_list_of_urls(string name, string? contentType)
    {
        await StoreAsync(name, Url(1) + "\n", contentType);

        string path = await _service.SubmitAsync($$"""{"urlsFrom":"/files/{{name}}"}""");

        (await _service.ResultsAsync(path)).ShouldHaveSingleItem().Text("url").ShouldBe(Url(1));
    }

    [Fact]
    public async Task Path_is_read_as_a_url_is()
    {
        await StoreAsync("lists/caf%C3%A9%20one.txt", Url(1));

        string encoded = await _service.SubmitAsync("""{"urlsFrom":"/files/lists/caf%C3%A9%20one.txt"}""");
        string plain = await _service.SubmitAsync("""{"urlsFrom":"/files/lists/café one.txt"}""");

        (await _service.OverAsync(encoded)).At("counts.succeeded").GetInt32().ShouldBe(1);
        (await _service.OverAsync(plain)).At("counts.succeeded").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Bad_lines_are_named_and_leave_nothing()
    {
        long before = await _service.CountStoredAsync();
        await StoreAsync("bad.ndjson", $$"""
            "{{Url(1)}}"
            {"url":"ftp://example.com/","tag":7}

            {"url":
            """);

        using HttpResponseMessage answer = await _service.PostAsync("/fetches", $$"""{"urls":["{{Url(2)}}"],"urlsFrom":"/files/bad.ndjson"}""");

        string[] faults = await answer.ShouldBeFaultsAsync();
        faults.Length.ShouldBe(3);
        faults[0].ShouldStartWith("urlsFrom line 2: tag ");
        faults[1].ShouldStartWith("urlsFrom line 2: url ");
        faults[2].ShouldStartWith("urlsFrom line 4: ");
        (await _service.CountStoredAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Bad_lines_are_recorded_where_that_is_asked_for()
    {
        await StoreAsync("recorded.txt", $"{Url(1)}\nnonsense\n");

        string path = await _service.SubmitAsync("""{"urlsFrom":"/files/recorded.txt","options":{"onInvalid":"record"}}""");

        JsonElement[] results = await _service.ResultsAsync(path);
        results.Select(result => result.Text("outcome")).ShouldBe(["succeeded", "failed"]);
        results[1].Text("reason").ShouldBe("invalidUrl");
    }

    [Theory]
    [InlineData("\"/files/none.txt\"", "urlsFrom: there is no file \"/files/none.txt\"")]
    [InlineData("\"/files/folder\"", "urlsFrom: there is no file \"/files/folder\"")]
    [InlineData("\"/static/hello.txt\"", "urlsFrom: must be the path of an uploaded file, such as /files/list.txt, was \"/static/hello.txt\"")]
    [InlineData("\"http://127.0.0.1/files/a\"", "urlsFrom: must be the path of an uploaded file")]
    [InlineData("\"list.txt\"", "urlsFrom: must be the path of an uploaded file")]
    [InlineData("\"\"", "urlsFrom: must be the path of an uploaded file")]
    [InlineData("\"/files/\"", "urlsFrom: holds an empty name")]
    [InlineData("\"/files/folder/\"", "urlsFrom: holds an empty name")]
    [InlineData("\"/files/../appsettings.json\"", "urlsFrom: must not lead elsewhere by . or ..")]
    [InlineData("\"/files/%2e%2e/appsettings.json\"", "urlsFrom: must not hold a dot, slash, backslash or NUL that is still encoded")]
    [InlineData("\"/files/a%2Fb\"", "urlsFrom: must not hold a dot, slash, backslash or NUL that is still encoded")]
    [InlineData("\"/files/a%00\"", "urlsFrom: must not hold a dot, slash, backslash or NUL that is still encoded")]
    [InlineData("\"/files/%252e%252e/a\"", "urlsFrom: must not hold a dot, slash, backslash or NUL that is still encoded")]
    [InlineData("\"/files/a%zz%ff\"", "urlsFrom: there is no file")]
    [InlineData("7", "urlsFrom: must be a string, was a number")]
    [InlineData("[\"/files/a\"]", "urlsFrom: must be a string, was an array")]
    public async Task Path_that_leads_to_no_upload_is_refused_in_words(string value, string expected)
    {
        await StoreAsync("folder/inside.txt", Url(1));

        using HttpResponseMessage answer = await _service.PostAsync("/fetches", $$"""{"urls":["{{Url(1)}}"],"urlsFrom":{{value}}}""");

        (await answer.ShouldBeFaultsAsync()).ShouldHaveSingleItem().ShouldStartWith(expected);
    }

    [Theory]
    [InlineData("", "urlsFrom: must hold at least one request")]
    [InlineData("# nothing\n\n", "urlsFrom: must hold at least one request")]
    public async Task File_without_requests_is_refused_where_there_are_no_others(string text, string expected)
    {
        await StoreAsync("empty.txt", text);

        using HttpResponseMessage alone = await _service.PostAsync("/fetches", """{"urlsFrom":"/files/empty.txt"}""");
        string path = await _service.SubmitAsync($$"""{"urls":["{{Url(1)}}"],"urlsFrom":"/files/empty.txt"}""");

        (await alone.ShouldBeFaultsAsync()).ShouldBe([expected]);
        (await _service.JsonAsync(path)).At("counts.total").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task File_that_is_replaced_or_deleted_changes_no_fetch_and_no_replay()
    {
        await StoreAsync("moving.txt", $"{Url(1)}\n{Url(2)}\n");
        const string Body = """{"urlsFrom":"/files/moving.txt","delaySeconds":1}""";
        string path = await _service.SubmitAsync(Body, headers: ("Idempotency-Key", "moving"));

        await StoreAsync("moving.txt", "nonsense");
        string replaced = await _service.SubmitAsync(Body, headers: ("Idempotency-Key", "moving"));
        using HttpResponseMessage deleted = await _service.DeleteAsync("/files/moving.txt");
        string gone = await _service.SubmitAsync(Body, headers: ("Idempotency-Key", "moving"));

        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (replaced, gone).ShouldBe((path, path));
        (await _service.OverAsync(path)).At("counts.succeeded").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Hundred_thousand_lines_are_taken_and_the_last_one_is_judged()
    {
        string lines = ServiceCalls.Lines(100_000, _ => Blocked).ToString();
        await StoreAsync("many.txt", lines);
        await StoreAsync("bad-end.txt", ServiceCalls.Lines(99_999, i => Url(i)).Append("ftp://example.com/\n").ToString());
        long before = await _service.CountStoredAsync();

        using HttpResponseMessage refused = await _service.PostAsync("/fetches", """{"urlsFrom":"/files/bad-end.txt"}""");
        (await _service.CountStoredAsync()).ShouldBe(before);
        string path = await _service.SubmitAsync("""{"urlsFrom":"/files/many.txt","options":{"onInvalid":"record"}}""");

        (await refused.ShouldBeFaultsAsync()).ShouldHaveSingleItem().ShouldStartWith("urlsFrom line 100000: ");
        (await _service.OverAsync(path)).At("counts.failed").GetInt32().ShouldBe(100_000);
    }

    [Fact]
    public async Task Line_over_its_length_is_refused_by_its_number()
    {
        await StoreAsync("long.txt", $"{Url(1)}\n{new string('a', (512 * 1024) + 1)}");

        using HttpResponseMessage answer = await _service.PostAsync("/fetches", """{"urlsFrom":"/files/long.txt"}""");

        (await answer.ShouldBeFaultsAsync()).ShouldBe(["urlsFrom line 2: must be at most 524288 bytes long"]);
    }

    private string Url(int number) => _target.Url($"ok/{number}");

    private Task StoreAsync(string name, string text, string? contentType = null) =>
        _service.StoreAsync("/files/" + name, Encoding.UTF8.GetBytes(text), contentType);
}
