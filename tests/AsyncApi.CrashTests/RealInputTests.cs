using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using AsyncApi.TestSupport;

namespace AsyncApi.CrashTests;

/// <summary>The machine's own documentation, thousands of files of all sizes and names, fetched as one batch.</summary>
public sealed class RealInputTests(ITestOutputHelper output)
{
    private const long LargestBody = 64L * 1024 * 1024;
    private const int Enough = 500;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DocumentationTree_fetchedAsOneList_arrivesByteForByte()
    {
        List<DocumentationFile> files = DocumentationFile.FindAll(LargestBody);
        output.WriteLine($"{files.Count} files, {files.Sum(file => file.Length) >> 20} MiB, the largest {files.Max(file => file.Length) >> 10} KiB");
        files.Count.ShouldBeGreaterThan(Enough, "the machine has too little documentation for this test to mean anything");
        await using Nginx nginx = await Nginx.StartAsync(DocumentationFile.Folders);
        await using RestartableService service = await RestartableService.StartAsync();

        string fetch = await service.Client.SubmitAsync(
            files.Select(file => new Uri(nginx.Address, file.UrlPath).AbsoluteUri),
            $"?concurrency=100&perHost.concurrency=100&maxBodyBytes={LargestBody}");

        ResumingReader stream = await service.Client.ReadAllAsync(fetch);
        List<JsonElement> results = [.. stream.Results.OrderBy(result => result.GetProperty("index").GetInt32())];
        results.Select(result => result.GetProperty("index").GetInt32()).ShouldBe(Enumerable.Range(0, files.Count));
        foreach ((JsonElement result, DocumentationFile file) in results.Zip(files))
        {
            result.GetProperty("outcome").GetString().ShouldBe("succeeded", result.GetRawText());
            result.GetProperty("bodyBytes").GetInt64().ShouldBe(file.Length, file.Path);
            result.GetProperty("bodyTruncated").GetBoolean().ShouldBeFalse(file.Path);
        }

        await ShouldHoldAsync(service, fetch, files);
        await ShouldTabulateAsync(service, fetch, results);
        JsonElement over = await service.Client.ReadAsync(fetch);
        over.Status().ShouldBe("completed");
        over.Count("succeeded").ShouldBe(files.Count);
        over.GetProperty("bytes").GetInt64().ShouldBe(files.Sum(file => file.Length));
    }

    /// <summary>Every body's hash is that of the file on disk, which the service has never seen.</summary>
    private static Task ShouldHoldAsync(RestartableService service, string fetch, List<DocumentationFile> files) =>
        Parallel.ForAsync(0, files.Count, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Token }, async (index, stop) =>
        {
            await using Stream body = await service.Client.GetStreamAsync(new Uri($"{fetch}/results/{index}/body", UriKind.Relative), stop);
            byte[] fetched = await SHA256.HashDataAsync(body, stop);
            await using FileStream file = File.OpenRead(files[index].Path);
            fetched.ShouldBe(await SHA256.HashDataAsync(file, stop), files[index].Path);
        });

    /// <summary>The table tells the same as the stream, in the order of the list.</summary>
    private static async Task ShouldTabulateAsync(RestartableService service, string fetch, List<JsonElement> results)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, $"{fetch}/results?order=submission");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/csv"));
        using HttpResponseMessage answer = await service.Client.SendAsync(request, Token);
        string[] rows = (await answer.Content.ReadAsStringAsync(Token)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        // The URLs are percent-encoded: no cell before the last ones holds a comma.
        rows.Skip(1).Select(row => string.Join(',', row.Split(',')[..2]))
            .ShouldBe(results.Select(result => $"{result.GetProperty("seq")},{result.GetProperty("index")}"));
        rows.Count(row => row.Contains(",succeeded,200,", StringComparison.Ordinal)).ShouldBe(results.Count);
    }
}
