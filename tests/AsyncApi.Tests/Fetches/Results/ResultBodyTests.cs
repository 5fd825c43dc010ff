using System.Net;
using System.Net.Http.Headers;
using AsyncApi.Fetches;
using AsyncApi.Http.Problems;
using AsyncApi.Tests.Http;

namespace AsyncApi.Tests.Fetches.Results;

public class ResultBodyTests : IAsyncLifetime
{
    private static readonly byte[] Bytes = [0, 1, 2, 0xFF, 0xC3, (byte)'<', 0x0D, 0x0A];

    private ResultsTestApp _app = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _app = await ResultsTestApp.StartAsync();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Body_is_the_bytes_as_they_came_and_runs_nowhere(bool inFile)
    {
        StoredFetch fetch = await AddAsync(inFile);

        using HttpResponseMessage response = await _app.OpenAsync($"{fetch.Results}/0/body");

        (await response.Content.ReadAsByteArrayAsync(Token)).ShouldBe(Bytes);
        response.Content.Headers.ContentLength.ShouldBe(Bytes.Length);
        response.Content.Headers.ContentType!.ToString().ShouldBe("text/html; charset=utf-8");
        response.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        response.Content.Headers.ContentDisposition!.FileName.ShouldBe("result-0.bin");
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        response.Headers.GetValues("Content-Security-Policy").ShouldBe(["sandbox; default-src 'none'"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Range_is_a_part_of_the_bytes(bool inFile)
    {
        StoredFetch fetch = await AddAsync(inFile);

        using HttpResponseMessage part = await RangeAsync(fetch, new RangeHeaderValue(2, 4));
        using HttpResponseMessage beyond = await RangeAsync(fetch, new RangeHeaderValue(100, 200));

        part.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        (await part.Content.ReadAsByteArrayAsync(Token)).ShouldBe(Bytes[2..5]);
        await beyond.ShouldBeProblemAsync(ProblemTypes.RangeNotSatisfiable);
    }

    [Fact]
    public async Task Body_in_a_file_can_be_included_in_the_result()
    {
        StoredFetch fetch = await AddAsync(inFile: true);

        using HttpResponseMessage response = await _app.OpenAsync($"{fetch.Results}/0?include=body");

        (await response.JsonAsync()).GetProperty("body").GetBytesFromBase64().ShouldBe(Bytes);
    }

    [Theory]
    [InlineData("text/html;charset=\"utf-8\"; boundary=x", "text/html; charset=utf-8")]
    [InlineData("image/svg+xml", "image/svg+xml")]
    [InlineData("text/html; charset=\"a b\"", "text/html")]
    [InlineData("text/html\r\nX-Evil: 1", "application/octet-stream")]
    [InlineData("text/é", "application/octet-stream")]
    [InlineData("text/\u202Ehtml", "application/octet-stream")]
    [InlineData("<script>", "application/octet-stream")]
    [InlineData("*/*", "application/octet-stream")]
    [InlineData("text/*", "application/octet-stream")]
    [InlineData("", "application/octet-stream")]
    [InlineData(null, "application/octet-stream")]
    public async Task Content_type_is_written_anew_or_says_nothing(string? stored, string sent)
    {
        StoredFetch fetch = await _app.AddFetchAsync(1);
        await fetch.CompleteAsync(0, row => row.ContentType = stored, Bytes);

        using HttpResponseMessage response = await _app.OpenAsync($"{fetch.Results}/0/body");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.ToString().ShouldBe(sent);
        response.Headers.Contains("X-Evil").ShouldBeFalse();
    }

    [Fact]
    public async Task Empty_body_of_an_answer_is_there()
    {
        StoredFetch fetch = await _app.AddFetchAsync(1);
        await fetch.CompleteAsync(0);

        using HttpResponseMessage response = await _app.OpenAsync($"{fetch.Results}/0/body");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsByteArrayAsync(Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Body_that_was_not_kept_or_is_gone_is_not_there()
    {
        StoredFetch fetch = await _app.AddFetchAsync(4);
        await fetch.CompleteAsync(0, row => row.BodyBytes = 10);
        await fetch.CompleteAsync(1, row => row.Status = 0);
        await fetch.CompleteAsync(2, row => (row.BodyPlace, row.BodyBytes) = (BodyPlace.File, 10));

        foreach (string index in (string[])["0", "1", "2", "3", "x"])
        {
            using HttpResponseMessage response = await _app.OpenAsync($"{fetch.Results}/{index}/body");
            await response.ShouldBeProblemAsync(ProblemTypes.NotFound);
        }
    }

    private async Task<StoredFetch> AddAsync(bool inFile)
    {
        StoredFetch fetch = await _app.AddFetchAsync(1);
        if (inFile)
        {
            Directory.CreateDirectory(_app.Files.FolderOf(fetch.Key));
            await File.WriteAllBytesAsync(_app.Files.PathOf(fetch.Key, 1), Bytes, Token);
        }

        await fetch.CompleteAsync(0, row => (row.BodyPlace, row.ContentType) = (inFile ? BodyPlace.File : BodyPlace.Row, "text/html; charset=utf-8"), Bytes);
        return fetch;
    }

    private async Task<HttpResponseMessage> RangeAsync(StoredFetch fetch, RangeHeaderValue range)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, $"{fetch.Results}/0/body");
        request.Headers.Range = range;
        return await _app.Client.SendAsync(request, Token);
    }
}
