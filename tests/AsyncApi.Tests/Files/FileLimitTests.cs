using System.Net;
using System.Text.Json;
using AsyncApi.Http.Problems;
using AsyncApi.Tests.Fetches;
using AsyncApi.Tests.Http;
using AsyncApi.TestSupport;

namespace AsyncApi.Tests.Files;

public sealed class FileLimitTests
{
    private const int Cap = 300_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Cap, false, true)]
    [InlineData(Cap, true, true)]
    [InlineData(Cap + 1, false, false)]
    [InlineData(Cap + 1, true, false)]
    [InlineData(3 * Cap, true, false)]
    public async Task File_over_its_cap_is_refused_by_length_and_by_chunks(int length, bool chunked, bool taken)
    {
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(("Files:MaxBytes", $"{Cap}"), ("Files:QuotaBytes", $"{10 * Cap}"));
        using HttpRequestMessage request = new(HttpMethod.Put, "/files/a") { Content = new ByteArrayContent(FileCalls.Bytes(length)) };
        request.Headers.TransferEncodingChunked = chunked;
        // The server answers before the end of such a body; waiting for 100 keeps the answer from being lost to the reset.
        request.Headers.ExpectContinue = true;

        using HttpResponseMessage answer = await service.Client.SendAsync(request, Token);

        if (taken)
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.Created);
            return;
        }

        JsonElement problem = await answer.ShouldBeProblemAsync(ProblemTypes.PayloadTooLarge);
        // Far beyond the cap it is the server that has seen enough.
        if (length == Cap + 1)
            problem.Text("detail").ShouldBe($"A file may have {Cap} bytes.");
        service.Blobs().ShouldBeEmpty();
        service.Taken().ShouldBe(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Quota_is_exact_however_many_upload_at_once(bool chunked)
    {
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(
            ("Files:MaxBytes", "100000"), ("Files:QuotaBytes", "1000000"), ("Files:MaxUploads", "100"));

        HttpStatusCode[] answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => PutAsync(service, $"/files/{i}", 100_000, chunked)));

        answers.ShouldAllBe(status => status == HttpStatusCode.Created || status == HttpStatusCode.InsufficientStorage);
        int stored = answers.Count(status => status == HttpStatusCode.Created);
        stored.ShouldBeLessThanOrEqualTo(10);
        stored.ShouldBeGreaterThan(0);
        service.Taken().ShouldBe(stored * 100_000L);
        service.Blobs().Length.ShouldBe(stored);
        service.Blobs().Sum(path => new FileInfo(path).Length).ShouldBe(service.Taken());
    }

    [Fact]
    public async Task Quota_is_used_to_its_last_byte_and_given_back()
    {
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(("Files:MaxBytes", "1000"), ("Files:QuotaBytes", "1000"));
        await service.StoreAsync("/files/a", FileCalls.Bytes(999));
        await service.StoreAsync("/files/b", [1]);

        using HttpResponseMessage full = await service.PutAsync("/files/c", [1]);
        using HttpResponseMessage form = await service.UploadAsync(("c", [1]));
        using HttpResponseMessage empty = await service.PutAsync("/files/empty", []);
        (await service.StatusAsync(HttpMethod.Delete, "/files/b")).ShouldBe(HttpStatusCode.NoContent);
        using HttpResponseMessage again = await service.PutAsync("/files/c", [1]);

        await full.ShouldBeProblemAsync(ProblemTypes.InsufficientStorage);
        await form.ShouldBeProblemAsync(ProblemTypes.InsufficientStorage);
        (empty.StatusCode, again.StatusCode).ShouldBe((HttpStatusCode.Created, HttpStatusCode.Created));
        service.Taken().ShouldBe(1000);
    }

    [Fact]
    public async Task Upload_beyond_the_number_of_uploads_is_told_to_come_back()
    {
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(("Files:MaxUploads", "1"));
        await using CutUpload first = await CutUpload.SendAsync(service, "PUT /files/slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n", FileCalls.Bytes(300_000));
        await Eventually.Until(() => service.Blobs().Length == 1);

        using HttpResponseMessage second = await service.PutAsync("/files/b", [1]);
        using HttpResponseMessage form = await service.UploadAsync(("b", [1]));
        first.Cut();
        await Eventually.Until(() => service.Blobs().Length == 0);

        await second.ShouldBeProblemAsync(ProblemTypes.QueueFull);
        second.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
        await form.ShouldBeProblemAsync(ProblemTypes.QueueFull);
        await Eventually.Until(async () => (await service.PutAsync("/files/b", [1])).IsSuccessStatusCode);
    }

    [Fact]
    public async Task Upload_that_dribbles_is_ended()
    {
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(("Files:MinBytesPerSecond", "1000000000"));

        string answer = await service.RawAsync("PUT /files/slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n", FileCalls.Bytes(300_000));

        answer.ShouldStartWith("HTTP/1.1 408");
        answer.ShouldContain("/problems/request-timeout");
        service.Blobs().ShouldBeEmpty();
        service.Taken().ShouldBe(0);
    }

    private static async Task<HttpStatusCode> PutAsync(ServiceUnderTest service, string path, int length, bool chunked)
    {
        using HttpRequestMessage request = new(HttpMethod.Put, path) { Content = new ByteArrayContent(FileCalls.Bytes(length)) };
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.ExpectContinue = true;
        using HttpResponseMessage answer = await service.Client.SendAsync(request, Token);
        return answer.StatusCode;
    }
}
