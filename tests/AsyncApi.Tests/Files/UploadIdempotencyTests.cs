using System.Net;
using System.Text.Json;
using AsyncApi.Http.Problems;
using AsyncApi.Tests.Fetches;
using AsyncApi.Tests.Http;

namespace AsyncApi.Tests.Files;

/// <summary>Keys of forms that bring files.</summary>
public sealed class UploadIdempotencyTests : IAsyncLifetime
{
    private ServiceUnderTest _service = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _service = await ServiceUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Same_form_again_gets_the_first_answer_and_stores_nothing()
    {
        using HttpResponseMessage first = await UploadAsync("key", ("a.txt", [1, 2]), ("b/c.txt", [3]));
        using HttpResponseMessage deleted = await _service.DeleteAsync("/files/a.txt");
        using HttpResponseMessage again = await UploadAsync("key", ("a.txt", [1, 2]), ("b/c.txt", [3]));

        (first.StatusCode, again.StatusCode).ShouldBe((HttpStatusCode.Created, HttpStatusCode.Created));
        again.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
        (await TextAsync(again)).ShouldBe(await TextAsync(first));
        (await _service.NamesAsync()).ShouldBe(["b/"]);
        (_service.Blobs().Length, _service.Taken()).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Location_of_a_single_file_comes_again_too()
    {
        using HttpResponseMessage first = await UploadAsync("key", ("a b.txt", [1]));
        using HttpResponseMessage again = await UploadAsync("key", ("a b.txt", [1]));

        first.Headers.Location!.ToString().ShouldBe("/files/a%20b.txt");
        again.Headers.Location.ShouldBe(first.Headers.Location);
    }

    [Fact]
    public async Task Other_form_under_the_same_key_is_refused_and_stores_nothing()
    {
        using HttpResponseMessage first = await UploadAsync("key", ("a.txt", [1]));
        using HttpResponseMessage other = await UploadAsync("key", ("a.txt", [2]));

        await other.ShouldBeProblemAsync(ProblemTypes.IdempotencyKeyReused);
        (await _service.ReadAsync("/files/a.txt")).ShouldBe([1]);
    }

    [Fact]
    public async Task Form_that_is_refused_keeps_nothing_for_its_key()
    {
        await _service.StoreAsync("/files/a", [1]);

        using HttpResponseMessage conflict = await UploadAsync("key", ("a/b", [2]));
        using HttpResponseMessage faulty = await UploadAsync("key", ("../b", [2]));
        using HttpResponseMessage taken = await UploadAsync("key", ("b", [2]));

        await conflict.ShouldBeProblemAsync(ProblemTypes.Conflict);
        await faulty.ShouldBeProblemAsync(ProblemTypes.Validation);
        taken.StatusCode.ShouldBe(HttpStatusCode.Created);
        (_service.Blobs().Length, _service.Taken()).ShouldBe((2, 2));
    }

    [Fact]
    public async Task Form_of_many_mebibytes_is_streamed_and_compared_whole()
    {
        byte[] bytes = FileCalls.Bytes(8 * 1024 * 1024);
        byte[] changed = [.. bytes[..^1], (byte)~bytes[^1]];

        using HttpResponseMessage first = await UploadAsync("key", ("large", bytes));
        using HttpResponseMessage again = await UploadAsync("key", ("large", bytes));
        using HttpResponseMessage other = await UploadAsync("key", ("large", changed));

        first.StatusCode.ShouldBe(HttpStatusCode.Created);
        JsonElement file = (await first.JsonAsync()).GetProperty("items")[0];
        file.Text("sha256").ShouldBe(FileCalls.Hash(bytes));
        (await TextAsync(again)).ShouldBe(await TextAsync(first));
        await other.ShouldBeProblemAsync(ProblemTypes.IdempotencyKeyReused);
        _service.Taken().ShouldBe(bytes.Length);
    }

    [Fact]
    public async Task Of_many_at_once_one_stores_its_file()
    {
        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => UploadAsync("key", ("a", [1, 2, 3]))));

        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.Created || answer.StatusCode == HttpStatusCode.Conflict);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.Created && !answer.Headers.Contains("Idempotency-Replayed")).ShouldBe(1);
        (_service.Blobs().Length, _service.Taken()).ShouldBe((1, 3));
    }

    private static Task<string> TextAsync(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(Token);

    private async Task<HttpResponseMessage> UploadAsync(string key, params (string? FileName, byte[] Bytes)[] files)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/files") { Content = FileCalls.Form(files) };
        request.Headers.Add("Idempotency-Key", key);
        return await _service.Client.SendAsync(request, Token);
    }
}
