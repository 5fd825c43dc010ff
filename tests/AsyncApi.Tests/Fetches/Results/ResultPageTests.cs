using System.Net;
using System.Text;
using System.Text.Json;
using AsyncApi.Fetches;
using AsyncApi.Fetches.Results;
using AsyncApi.Fetching;
using AsyncApi.Http.Paging;
using AsyncApi.Http.Problems;
using AsyncApi.Tests.Http;

namespace AsyncApi.Tests.Fetches.Results;

public class ResultPageTests : IAsyncLifetime
{
    private ResultsTestApp _app = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _app = await ResultsTestApp.StartAsync();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Result_has_the_members_of_the_contract_in_its_order()
    {
        StoredFetch fetch = await _app.AddFetchAsync(4, (index, row) => row.Tag = index == 3 ? "order-17" : null);
        await fetch.CompleteAsync(3);

        string page = await _app.TextAsync(fetch.Results);

        page.ShouldBe(
            """
            {"items":[{"seq":1,"index":3,"tag":"order-17","method":"GET","url":"http://odd.example:8080/3","finalUrl":"http://odd.example:8080/3",
            "outcome":"succeeded","status":200,"reason":null,"message":null,"attempts":1,"startedAt":"2026-01-01T00:00:00.000Z",
            "durationMs":35.2,"waitedMs":10.0,"contentType":"text/plain","bodyBytes":0,"bodyTruncated":false}],"nextCursor":null}
            """.ReplaceLineEndings(""));
    }

    [Fact]
    public async Task Result_without_an_answer_has_nulls_where_nothing_is_known()
    {
        StoredFetch fetch = await _app.AddFetchAsync(1, (_, row) => row.Method = "POST");
        await fetch.CompleteAsync(0, row => (row.Outcome, row.Reason, row.Message, row.Status, row.StartedAt, row.ContentType, row.Attempts)
            = (FetchOutcome.Failed, FetchReason.InvalidUrl, "It has no scheme.", 0, null, null, 0));

        JsonElement result = (await ItemsAsync($"{fetch.Results}?include=headers,body")).Single();

        result.GetProperty("outcome").GetString().ShouldBe("failed");
        result.GetProperty("reason").GetString().ShouldBe("invalidUrl");
        result.GetProperty("method").GetString().ShouldBe("POST");
        foreach (string member in (string[])["status", "startedAt", "contentType", "headers", "body", "bodyEncoding"])
            result.GetProperty(member).ValueKind.ShouldBe(JsonValueKind.Null, member);
    }

    [Theory]
    [InlineData("", "5 0 3 2")]
    [InlineData("?order=completion", "5 0 3 2")]
    [InlineData("?order=submission", "0 2 3 5")]
    [InlineData("?after=1", "0 3 2")]
    [InlineData("?after=4", "")]
    [InlineData("?outcome=failed", "3")]
    [InlineData("?outcome=cancelled", "")]
    [InlineData("?status=503", "3")]
    [InlineData("?host=even.example", "0 2")]
    [InlineData("?host=EVEN.example:443", "0 2")]
    [InlineData("?host=even.example:80", "")]
    [InlineData("?host=odd.example", "5 3")]
    [InlineData("?host=odd.example:8080&outcome=succeeded&order=submission", "5")]
    [InlineData("?tag=a%27%20or%201%3D1--", "2")]
    [InlineData("?tag=", "")]
    public async Task Filters_and_order_hold(string query, string indexes)
    {
        StoredFetch other = await _app.AddFetchAsync(6, (_, row) => row.Tag = "a' or 1=1--");
        await other.CompleteAsync([0, 1, 2, 3, 4, 5]);
        StoredFetch fetch = await _app.AddFetchAsync(6, (index, row) => row.Tag = index == 2 ? "a' or 1=1--" : null);
        await fetch.CompleteAsync([5, 0]);
        await fetch.CompleteAsync(3, row => (row.Outcome, row.Reason, row.Status) = (FetchOutcome.Failed, FetchReason.HttpStatus, 503));
        await fetch.CompleteAsync(2);

        IReadOnlyList<JsonElement> items = await ItemsAsync(fetch.Results + query);

        string.Join(' ', items.Select(item => item.GetProperty("index").GetInt32())).ShouldBe(indexes);
    }

    [Theory]
    [InlineData("completion")]
    [InlineData("submission")]
    public async Task Cursors_visit_every_result_once_while_more_are_added(string order)
    {
        const int Total = 100;
        StoredFetch fetch = await _app.AddFetchAsync(Total);
        await fetch.CompleteAsync([.. Enumerable.Range(0, 40)]);
        List<int> seen = [];
        string? next = $"{fetch.Results}?order={order}&limit=7";
        int added = 40;
        while (next is not null)
        {
            using HttpResponseMessage response = await _app.OpenAsync(next);
            JsonElement page = await response.JsonAsync();
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("index").GetInt32()));
            next = response.Headers.TryGetValues("Link", out IEnumerable<string>? links) ? links.Single().Split('<', '>')[1] : null;
            (page.GetProperty("nextCursor").GetString() is null).ShouldBe(next is null);
            if (added < Total)
                await fetch.CompleteAsync(added++);
        }

        seen.ShouldBe(Enumerable.Range(0, seen.Count));
        seen.Count.ShouldBeGreaterThan(40);
    }

    [Fact]
    public async Task Rare_match_is_found_behind_more_rows_than_one_read_looks_at()
    {
        const int Total = ResultReader.Window + 10;
        StoredFetch fetch = await _app.AddFetchAsync(Total, (index, row) => row.Tag = index == Total - 1 ? "rare" : null);
        await fetch.CompleteAsync([.. Enumerable.Range(0, Total)]);

        (await ItemsAsync($"{fetch.Results}?tag=rare")).Single().GetProperty("seq").GetInt32().ShouldBe(Total);
        (await ItemsAsync($"{fetch.Results}?tag=rare&order=submission")).Single().GetProperty("index").GetInt32().ShouldBe(Total - 1);
    }

    [Fact]
    public async Task Headers_and_body_come_when_they_are_asked_for()
    {
        StoredFetch fetch = await _app.AddFetchAsync(3);
        await fetch.CompleteAsync(0, row => row.Headers = "{\"Server\":[\"a\",\"b\"],\"Set-Cookie\":[\"***\"]}"u8.ToArray(), "<script>é\u0001"u8.ToArray());
        await fetch.CompleteAsync(1, body: [0x61, 0xC3]);
        await fetch.CompleteAsync(2, row => row.BodyPlace = BodyPlace.None);

        IReadOnlyList<JsonElement> items = await ItemsAsync($"{fetch.Results}?include=headers,body");

        items[0].GetProperty("headers").GetRawText().ShouldBe("{\"Server\":[\"a\",\"b\"],\"Set-Cookie\":[\"***\"]}");
        items[0].GetProperty("body").GetString().ShouldBe("<script>é\u0001");
        items[0].GetProperty("bodyEncoding").GetString().ShouldBe("utf8");
        items[1].GetProperty("body").GetBytesFromBase64().ShouldBe([0x61, 0xC3]);
        items[1].GetProperty("bodyEncoding").GetString().ShouldBe("base64");
        items[2].GetProperty("body").GetString().ShouldBe("", "an answer without a byte was kept whole");
    }

    [Theory]
    [InlineData(24 * 1024 - 1)]
    [InlineData(24 * 1024)]
    [InlineData(200_001)]
    public async Task Body_of_any_length_is_whole_in_either_encoding(int length)
    {
        // Of three bytes each, so that they lie across every seam.
        byte[] text = [.. Encoding.UTF8.GetBytes(new string('€', length)).Take(length / 3 * 3)];
        byte[] binary = [0, .. text];
        StoredFetch fetch = await _app.AddFetchAsync(2);
        await fetch.CompleteAsync(0, body: text);
        await fetch.CompleteAsync(1, body: binary);

        IReadOnlyList<JsonElement> items = await ItemsAsync($"{fetch.Results}?include=body");

        Encoding.UTF8.GetBytes(items[0].GetProperty("body").GetString()!).ShouldBe(text);
        items[1].GetProperty("body").GetBytesFromBase64().ShouldBe(binary);
    }

    [Fact]
    public async Task Hostile_text_is_escaped_and_comes_back_as_it_was()
    {
        const string Hostile = "https://even.example/<script>alert(1)</script>\u202E\u0007\"\\";
        StoredFetch fetch = await _app.AddFetchAsync(1, (_, row) => (row.Url, row.Tag) = (Hostile, Hostile));
        await fetch.CompleteAsync(0, row => (row.FinalUrl, row.Message, row.ContentType) = (Hostile, Hostile, Hostile));

        string text = await _app.TextAsync(fetch.Results);

        text.ShouldNotContain("<script>");
        text.ShouldNotContain("\u0007");
        JsonElement item = (await ItemsAsync(fetch.Results)).Single();
        foreach (string member in (string[])["url", "tag", "finalUrl", "message", "contentType"])
            item.GetProperty(member).GetString().ShouldBe(Hostile, member);
    }

    [Theory]
    [InlineData("order=up", "order")]
    [InlineData("outcome=Failed", "outcome")]
    [InlineData("status=99", "status")]
    [InlineData("status=x", "status")]
    [InlineData("after=-1", "after")]
    [InlineData("after=16777216", "after")]
    [InlineData("after=1&order=submission", "after")]
    [InlineData("include=everything", "include")]
    [InlineData("limit=0", "limit")]
    [InlineData("cursor=x", "cursor")]
    [InlineData("cursor=%00", "cursor")]
    [InlineData("host=", "host")]
    [InlineData("host=a/b", "host")]
    [InlineData("host=even.exampl%25", "host")]
    [InlineData("host=user%40a", "host")]
    [InlineData("host=a:99999", "host")]
    [InlineData("host=%00", "host")]
    public async Task Malformed_query_is_a_fault(string query, string path)
    {
        StoredFetch fetch = await _app.AddFetchAsync(1);

        using HttpResponseMessage response = await _app.OpenAsync($"{fetch.Results}?{query}");

        (await response.ShouldBeProblemAsync(ProblemTypes.Validation)).GetProperty("errors").EnumerateObject().Single().Name.ShouldBe(path);
    }

    [Theory]
    [InlineData(1, 5, "completion")]
    [InlineData(0, 5, "submission")]
    [InlineData(0, -1, "completion")]
    [InlineData(0, 1L << 40, "completion")]
    public async Task Cursor_of_the_other_order_or_no_place_is_a_fault(long order, long place, string asked)
    {
        StoredFetch fetch = await _app.AddFetchAsync(1);

        using HttpResponseMessage response = await _app.OpenAsync($"{fetch.Results}?order={asked}&cursor={Cursor.Of(order, place)}");

        await response.ShouldBeProblemAsync(ProblemTypes.Validation);
    }

    [Theory]
    [InlineData("/fetches/x/results")]
    [InlineData("/fetches/00000000-0000-0000-0000-000000000000/results")]
    [InlineData("/fetches/00000000-0000-0000-0000-000000000000/results/0")]
    public async Task Unknown_or_malformed_fetch_is_not_there(string path)
    {
        using HttpResponseMessage response = await _app.OpenAsync(path);

        await response.ShouldBeProblemAsync(ProblemTypes.NotFound);
    }

    [Fact]
    public async Task Form_that_there_is_not_is_refused()
    {
        StoredFetch fetch = await _app.AddFetchAsync(1);

        using HttpResponseMessage response = await _app.OpenAsync(fetch.Results, "image/png");

        (await response.ShouldBeProblemAsync(ProblemTypes.NotAcceptable)).GetProperty("detail").GetString()!.ShouldContain("text/csv");
    }

    [Fact]
    public async Task Single_result_is_there_once_it_is_stored()
    {
        StoredFetch fetch = await _app.AddFetchAsync(2);
        await fetch.CompleteAsync(1, body: "hi"u8.ToArray());

        string one = await _app.TextAsync($"{fetch.Results}/1?include=body");
        JsonElement listed = (await ItemsAsync($"{fetch.Results}?include=body")).Single();

        one.ShouldBe(listed.GetRawText());
        using HttpResponseMessage missing = await _app.OpenAsync($"{fetch.Results}/0");
        await missing.ShouldBeProblemAsync(ProblemTypes.NotFound);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1.0")]
    [InlineData("x")]
    [InlineData("16777216")]
    [InlineData("99999999999999999999")]
    public async Task Malformed_index_is_not_there(string index)
    {
        StoredFetch fetch = await _app.AddFetchAsync(2);
        await fetch.CompleteAsync([0, 1]);

        using HttpResponseMessage response = await _app.OpenAsync($"{fetch.Results}/{index}");

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Document_names_the_routes_and_every_form()
    {
        using JsonDocument document = JsonDocument.Parse(await _app.TextAsync("/swagger/v1/swagger.json"));
        JsonElement paths = document.RootElement.GetProperty("paths");

        JsonElement list = paths.GetProperty("/fetches/{id}/results").GetProperty("get");
        list.GetProperty("operationId").GetString().ShouldBe("listResults");
        list.GetProperty("responses").GetProperty("200").GetProperty("content").EnumerateObject().Select(content => content.Name)
            .ShouldBe(["application/json", "text/csv", "application/x-ndjson", "application/jsonl", "text/event-stream"]);
        paths.GetProperty("/fetches/{id}/results/{index}").GetProperty("get").GetProperty("operationId").GetString().ShouldBe("getResult");
        paths.GetProperty("/fetches/{id}/results/{index}/body").GetProperty("get").GetProperty("operationId").GetString().ShouldBe("getResultBody");
    }

    private async Task<IReadOnlyList<JsonElement>> ItemsAsync(string path)
    {
        using HttpResponseMessage response = await _app.OpenAsync(path);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync(Token));
        return [.. (await response.JsonAsync()).GetProperty("items").EnumerateArray()];
    }
}
