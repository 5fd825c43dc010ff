using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AsyncApi.Http.Problems;
using AsyncApi.Tests.Fetches;
using AsyncApi.Tests.Http;

namespace AsyncApi.Tests.Files;

public sealed class FormUploadTests : IAsyncLifetime
{
    private ServiceUnderTest _service = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _service = await ServiceUnderTest.StartAsync(("Files:MaxBytes", "100000"), ("Files:QuotaBytes", "1000000"));

    public async ValueTask DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task Form_stores_every_file_under_its_name()
    {
        byte[] large = FileCalls.Bytes(100_000);

        using HttpResponseMessage answer = await _service.UploadAsync(("a.txt", [1]), ("deep/b \"q\".bin", large), ("日本.txt", []));

        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync(Token));
        (await answer.JsonAsync()).GetProperty("items").EnumerateArray().Select(item => (item.Text("path"), item.Number("size")))
            .ShouldBe([("a.txt", 1), ("deep/b \"q\".bin", 100_000), ("日本.txt", 0)]);
        FileCalls.Hash(await _service.ReadAsync("/files/deep/b%20%22q%22.bin")).ShouldBe(FileCalls.Hash(large));
        (await _service.NamesAsync()).ShouldBe(["a.txt", "deep/", "日本.txt"]);
    }

    [Fact]
    public async Task Single_file_is_the_location_and_replaces_what_was_there()
    {
        (await _service.UploadAsync(("a", [1]))).Dispose();

        using HttpResponseMessage answer = await _service.UploadAsync(("a", [2]));

        answer.Headers.Location!.ToString().ShouldBe("/files/a");
        (await _service.ReadAsync("/files/a")).ShouldBe([2]);
        _service.Blobs().Length.ShouldBe(1);
    }

    [Fact]
    public async Task Every_bad_name_is_named_and_nothing_stored()
    {
        using HttpResponseMessage answer = await _service.UploadAsync(
            ("fine", [1]), ("../../x", [1]), ("/x", [1]), (@"..\x", [1]), ("", [1]), (".", [1]), (new string('a', 300), [1]), ("CON", [1]), (null, [1]),
            ("fine", [1]), ("fine/below", [1]), ("folder/x", [1]), ("folder", [1]));

        (await answer.ShouldBeFaultsAsync()).ShouldBe(
        [
            "part 2: filename must not lead elsewhere by . or ..",
            "part 3: filename holds an empty name",
            "part 4: filename must not hold a dot file",
            "part 5: filename holds an empty name",
            "part 6: filename must not lead elsewhere by . or ..",
            "part 7: filename must not hold a name of more than 255 bytes, has one of 300",
            "part 8: filename must not hold a name that is reserved for a device, a drive or a stream",
            "part 9: is no file: it has no filename",
            "part 10: filename stands twice in the form",
            "part 11: filename is a file and a folder in the form",
            "part 13: filename is a file and a folder in the form",
        ]);
        ShouldBeEmpty();
    }

    [Theory]
    [InlineData("multipart/form-data", 400)]
    [InlineData("multipart/form-data; boundary=", 400)]
    [InlineData("multipart/form-data; boundary=LONG", 400)]
    [InlineData("multipart/mixed; boundary=limit", 415)]
    [InlineData("application/x-www-form-urlencoded", 415)]
    [InlineData("text/plain", 415)]
    [InlineData(null, 415)]
    public async Task Body_that_is_no_form_is_refused(string? contentType, int status)
    {
        using ByteArrayContent content = FileCalls.Form(("a", [1]));
        content.Headers.Remove("Content-Type");
        if (contentType is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", contentType.Replace("LONG", new string('b', 300), StringComparison.Ordinal));

        using HttpResponseMessage answer = await _service.Client.PostAsync("/files", content, Token);

        await answer.ShouldBeProblemAsync(status == 400 ? ProblemTypes.MalformedBody : ProblemTypes.UnsupportedMediaType);
        ShouldBeEmpty();
    }

    [Theory]
    [InlineData("", "malformed-body")]
    [InlineData("no parts at all", "malformed-body")]
    [InlineData("--limit--\r\n", "validation")]
    [InlineData("--limit\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\nno end", "malformed-body")]
    [InlineData("--limit\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\nx\r\n--limit\r\nbroken", "malformed-body")]
    [InlineData("--limit\r\nno colon\r\n\r\nx\r\n--limit--\r\n", "malformed-body")]
    [InlineData("--limit\r\nContent-Disposition: nonsense;;;=\r\n\r\nx\r\n--limit--\r\n", "validation")]
    [InlineData("--limit\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\0b\"\r\n\r\nx\r\n--limit--\r\n", "validation")]
    public async Task Broken_form_leaves_nothing(string body, string slug)
    {
        using ByteArrayContent content = new(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=limit");

        using HttpResponseMessage answer = await _service.Client.PostAsync("/files", content, Token);

        await answer.ShouldBeProblemAsync(ProblemTypes.Find(slug)!);
        ShouldBeEmpty();
    }

    [Fact]
    public async Task Part_header_of_64_kib_is_refused()
    {
        using HttpResponseMessage answer = await _service.UploadAsync(("fine", [1]), (new string('a', 64 * 1024), [1]));

        await answer.ShouldBeProblemAsync(ProblemTypes.MalformedBody);
        ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1_000, 201)]
    [InlineData(1_001, 400)]
    [InlineData(10_001, 400)]
    public async Task Form_has_a_thousand_parts_at_most(int parts, int status)
    {
        (string?, byte[])[] files = [.. Enumerable.Range(0, parts).Select(i => ((string?)$"many/{i}", (byte[])[]))];

        using HttpResponseMessage answer = await _service.UploadAsync(files);

        ((int)answer.StatusCode).ShouldBe(status, await answer.Content.ReadAsStringAsync(Token));
        _service.Blobs().Length.ShouldBe(status == 201 ? parts : 0);
    }

    [Fact]
    public async Task File_over_its_cap_takes_the_others_with_it()
    {
        using HttpResponseMessage answer = await _service.UploadAsync(("a", [1]), ("b", FileCalls.Bytes(100_001)));

        JsonElement problem = await answer.ShouldBeProblemAsync(ProblemTypes.PayloadTooLarge);
        problem.Text("detail").ShouldBe("A file may have 100000 bytes.");
        ShouldBeEmpty();
    }

    [Fact]
    public async Task Form_that_conflicts_with_what_is_there_stores_nothing()
    {
        (await _service.UploadAsync(("a", [1]))).Dispose();

        using HttpResponseMessage answer = await _service.UploadAsync(("b", [1]), ("a/c", [1]));

        await answer.ShouldBeProblemAsync(ProblemTypes.Conflict);
        (await _service.NamesAsync()).ShouldBe(["a"]);
        _service.Blobs().Length.ShouldBe(1);
        _service.Taken().ShouldBe(1);
    }

    private void ShouldBeEmpty()
    {
        _service.Blobs().ShouldBeEmpty();
        _service.Taken().ShouldBe(0);
    }
}
