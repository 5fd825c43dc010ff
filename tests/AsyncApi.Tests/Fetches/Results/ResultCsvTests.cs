using System.Globalization;
using AsyncApi.Fetching;
using AsyncApi.Http.Problems;
using AsyncApi.Tests.Http;

namespace AsyncApi.Tests.Fetches.Results;

public sealed class ResultCsvTests : IAsyncLifetime
{
    private const string Csv = "text/csv";

    private ResultsTestApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await ResultsTestApp.StartAsync();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Table_has_a_header_and_a_row_a_result()
    {
        StoredFetch fetch = await _app.AddFetchAsync(2);
        await fetch.CompleteAsync(1);
        await fetch.CompleteAsync(0, row => (row.Outcome, row.Reason, row.Status, row.StartedAt, row.Message)
            = (FetchOutcome.Failed, FetchReason.Dns, 0, null, "No such name, \"even\""));

        using HttpResponseMessage response = await _app.OpenAsync(fetch.Results, Csv);
        string table = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        response.Content.Headers.ContentType!.ToString().ShouldBe("text/csv; charset=utf-8; header=present");
        response.Content.Headers.ContentDisposition!.FileName.ShouldBe($"fetch-{fetch.Id}.csv");
        table.ShouldBe(
            "seq,index,tag,method,url,finalUrl,outcome,status,reason,message,attempts,startedAt,durationMs,waitedMs,contentType,bodyBytes,bodyTruncated\r\n"
            + "1,1,,GET,http://odd.example:8080/1,http://odd.example:8080/1,succeeded,200,,,1,2026-01-01T00:00:00.000Z,35.2,10.0,text/plain,0,false\r\n"
            + "2,0,,GET,https://even.example/0,https://even.example/0,failed,,dns,\"No such name, \"\"even\"\"\",1,,35.2,10.0,text/plain,0,false\r\n");
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("\r=1", "\"'\r=1\"")]
    [InlineData("\n=1", "\"'\n=1\"")]
    [InlineData("=HYPERLINK(\"http://evil\",\"x\")", "\"'=HYPERLINK(\"\"http://evil\"\",\"\"x\"\")\"")]
    [InlineData("a=1", "a=1")]
    [InlineData("a,b\r\nc", "\"a,b\r\nc\"")]
    [InlineData("é€😀", "é€😀")]
    public async Task Cell_is_no_formula_and_breaks_no_row(string tag, string cell)
    {
        StoredFetch fetch = await _app.AddFetchAsync(1, (_, row) => row.Tag = tag);
        await fetch.CompleteAsync(0);

        string table = await _app.TextAsync(fetch.Results, Csv);

        table[table.IndexOf("\r\n", StringComparison.Ordinal)..].ShouldStartWith($"\r\n1,0,{cell},GET,");
    }

    [Fact]
    public async Task Table_holds_all_of_many_rows_in_either_order_under_filters()
    {
        const int Total = 1_203;
        StoredFetch fetch = await _app.AddFetchAsync(Total);
        await fetch.CompleteAsync([.. Enumerable.Range(0, Total).Reverse()]);

        (await IndexesAsync(fetch.Results)).ShouldBe(Enumerable.Range(0, Total).Reverse());
        (await IndexesAsync($"{fetch.Results}?order=submission")).ShouldBe(Enumerable.Range(0, Total));
        (await IndexesAsync($"{fetch.Results}?order=submission&host=odd.example")).ShouldBe(Enumerable.Range(0, Total).Where(index => index % 2 == 1));
    }

    [Fact]
    public async Task Include_is_refused_in_a_table()
    {
        StoredFetch fetch = await _app.AddFetchAsync(1);

        using HttpResponseMessage response = await _app.OpenAsync($"{fetch.Results}?include=body", Csv);

        await response.ShouldBeProblemAsync(ProblemTypes.Validation);
    }

    private async Task<IEnumerable<int>> IndexesAsync(string path)
    {
        string[] lines = (await _app.TextAsync(path, Csv)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        return lines.Skip(1).Select(line => int.Parse(line.Split(',')[1], CultureInfo.InvariantCulture));
    }
}
