using System.Net;
using AsyncApi.Http.Problems;
using AsyncApi.Tests.Fetches;
using AsyncApi.Tests.Http;
using AsyncApi.TestSupport;

namespace AsyncApi.Tests.Files;

public sealed class FileTests(ServiceWithTarget both) : IClassFixture<ServiceWithTarget>
{
    private static readonly byte[] Body = FileCalls.Bytes(700_001);

    private readonly ServiceUnderTest _service = both.Service;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Put_creates_then_replaces()
    {
        using HttpResponseMessage created = await _service.PutAsync("/files/put/one.bin", Body);
        using HttpResponseMessage replaced = await _service.PutAsync("/files/put/one.bin", "new"u8.ToArray(), "text/plain; charset=UTF-16");

        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        created.Headers.Location!.ToString().ShouldBe("/files/put/one.bin");
        created.Headers.ETag!.Tag.ShouldBe($"\"{FileCalls.Hash(Body)}\"");
        (await created.JsonAsync()).ShouldBeJson(
            $$"""{"path":"put/one.bin","size":700001,"sha256":"{{FileCalls.Hash(Body)}}","contentType":"application/octet-stream"}""");
        replaced.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await replaced.JsonAsync()).Text("contentType").ShouldBe("text/plain; charset=UTF-16");
        (await _service.ReadAsync("/files/put/one.bin")).ShouldBe("new"u8.ToArray());
    }

    [Fact]
    public async Task Empty_file_is_a_file()
    {
        await _service.StoreAsync("/files/empty", []);

        (await _service.ReadAsync("/files/empty")).ShouldBeEmpty();
        (await _service.JsonAsync("/files/?limit=1000")).GetProperty("items").EnumerateArray().ShouldContain(item => item.Text("name") == "empty");
    }

    [Fact]
    public async Task Chunked_upload_comes_back_as_it_was()
    {
        using HttpResponseMessage answer = await _service.PutAsync("/files/chunked", new StreamContent(new UnknownLength(Body)), null);

        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync(Token));
        (await _service.ReadAsync("/files/chunked")).AsSpan().SequenceEqual(Body).ShouldBeTrue();
    }

    [Fact]
    public async Task Head_says_what_get_would_say()
    {
        await _service.StoreAsync("/files/head.csv", Body, "text/csv");
        using HttpRequestMessage request = new(HttpMethod.Head, "/files/head.csv");

        using HttpResponseMessage head = await _service.Client.SendAsync(request, Token);
        using HttpResponseMessage get = await _service.GetAsync("/files/head.csv");

        head.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await head.Content.ReadAsByteArrayAsync(Token)).ShouldBeEmpty();
        head.Content.Headers.ContentLength.ShouldBe(Body.Length);
        head.Headers.ETag.ShouldBe(get.Headers.ETag);
        head.Content.Headers.ToString().ShouldBe(get.Content.Headers.ToString());
    }

    [Theory]
    [InlineData("bytes=0-0", 206, 0, 1)]
    [InlineData("bytes=10-19", 206, 10, 10)]
    [InlineData("bytes=-5", 206, 699_996, 5)]
    [InlineData("bytes=700000-", 206, 700_000, 1)]
    [InlineData("bytes=0-99999999999", 206, 0, 700_001)]
    [InlineData("bytes=-99999999999", 206, 0, 700_001)]
    [InlineData("bytes=5-1", 200, 0, 700_001)]
    [InlineData("bytes=a-b", 200, 0, 700_001)]
    [InlineData("lines=1-2", 200, 0, 700_001)]
    [InlineData("bytes=0-0,1-1", 200, 0, 700_001)]
    public async Task Range_gives_its_bytes(string range, int status, int from, int length)
    {
        await _service.StoreAsync("/files/ranged", Body);

        using HttpResponseMessage answer = await _service.GetAsync("/files/ranged", ("Range", range));

        ((int)answer.StatusCode).ShouldBe(status);
        (await answer.Content.ReadAsByteArrayAsync(Token)).AsSpan().SequenceEqual(Body.AsSpan(from, length)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("bytes=700001-")]
    [InlineData("bytes=-0")]
    public async Task Range_beyond_the_end_is_a_problem(string range)
    {
        await _service.StoreAsync("/files/ranged", Body);

        using HttpResponseMessage answer = await _service.GetAsync("/files/ranged", ("Range", range));

        await answer.ShouldBeProblemAsync(ProblemTypes.RangeNotSatisfiable);
        answer.Content.Headers.ContentDisposition.ShouldBeNull();
    }

    [Fact]
    public async Task Thousand_ranges_cost_one_answer()
    {
        await _service.StoreAsync("/files/ranged", Body);
        string ranges = "bytes=" + string.Join(',', Enumerable.Range(0, 1_000).Select(i => $"{i}-{i + 5}"));

        using HttpResponseMessage answer = await _service.GetAsync("/files/ranged", ("Range", ranges));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsByteArrayAsync(Token)).Length.ShouldBe(Body.Length);
    }

    [Fact]
    public async Task Condition_of_a_read_is_kept_to()
    {
        await _service.StoreAsync("/files/conditional", Body);
        string tag = $"\"{FileCalls.Hash(Body)}\"";

        using HttpResponseMessage same = await _service.GetAsync("/files/conditional", ("If-None-Match", $"\"x\", W/{tag}"));
        using HttpResponseMessage other = await _service.GetAsync("/files/conditional", ("If-Match", "\"x\""));
        using HttpResponseMessage broken = await _service.GetAsync("/files/conditional", ("If-Match", "x"));
        using HttpResponseMessage stalePart = await _service.GetAsync("/files/conditional", ("If-Range", "\"x\""), ("Range", "bytes=0-0"));
        using HttpResponseMessage part = await _service.GetAsync("/files/conditional", ("If-Range", tag), ("Range", "bytes=0-0"));

        same.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        await other.ShouldBeProblemAsync(ProblemTypes.PreconditionFailed);
        (await broken.ShouldBeFaultsAsync()).ShouldHaveSingleItem().ShouldStartWith("If-Match: must be * or a list of entity tags");
        (stalePart.StatusCode, part.StatusCode).ShouldBe((HttpStatusCode.OK, HttpStatusCode.PartialContent));
    }

    [Fact]
    public async Task Condition_of_a_write_is_kept_to()
    {
        const string Path = "/files/guarded";
        using HttpResponseMessage absent = await _service.PutAsync(Path, Body, null, ("If-Match", "*"));
        using HttpResponseMessage first = await _service.PutAsync(Path, Body, null, ("If-None-Match", "*"));
        using HttpResponseMessage second = await _service.PutAsync(Path, [1], null, ("If-None-Match", "*"));
        using HttpResponseMessage stale = await _service.PutAsync(Path, [2], null, ("If-Match", "\"x\""));
        using HttpResponseMessage fresh = await _service.PutAsync(Path, [3], null, ("If-Match", first.Headers.ETag!.ToString()));
        using HttpResponseMessage broken = await _service.PutAsync(Path, [4], null, ("If-Match", "x"));
        using HttpRequestMessage delete = new(HttpMethod.Delete, Path);
        delete.Headers.TryAddWithoutValidation("If-Match", first.Headers.ETag!.ToString());
        using HttpResponseMessage kept = await _service.Client.SendAsync(delete, Token);

        await absent.ShouldBeProblemAsync(ProblemTypes.PreconditionFailed);
        first.StatusCode.ShouldBe(HttpStatusCode.Created);
        await second.ShouldBeProblemAsync(ProblemTypes.PreconditionFailed);
        await stale.ShouldBeProblemAsync(ProblemTypes.PreconditionFailed);
        fresh.StatusCode.ShouldBe(HttpStatusCode.OK);
        await broken.ShouldBeProblemAsync(ProblemTypes.Validation);
        await kept.ShouldBeProblemAsync(ProblemTypes.PreconditionFailed);
        (await _service.ReadAsync(Path)).ShouldBe([3]);
    }

    [Fact]
    public async Task Of_racing_creators_one_wins()
    {
        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 12)
            .Select(i => _service.PutAsync("/files/raced", [(byte)i], null, ("If-None-Match", "*"))));

        answers.Count(answer => answer.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.PreconditionFailed).ShouldBe(11);
    }

    [Theory]
    [InlineData("plain.txt", "attachment; filename=plain.txt; filename*=UTF-8''plain.txt")]
    [InlineData("a \"b\".txt", "attachment; filename=\"a \\\"b\\\".txt\"; filename*=UTF-8''a%20%22b%22.txt")]
    [InlineData("a\nSet-Cookie: b", "attachment; filename=\"a_Set-Cookie: b\"; filename*=UTF-8''a%0ASet-Cookie%3A%20b")]
    [InlineData("\u202Egpj.exe", "attachment; filename=_gpj.exe; filename*=UTF-8''%E2%80%AEgpj.exe")]
    [InlineData("日本.txt", "attachment; filename=__.txt; filename*=UTF-8''%E6%97%A5%E6%9C%AC.txt")]
    [InlineData("😀", "attachment; filename=__; filename*=UTF-8''%F0%9F%98%80")]
    [InlineData("-rf 100% #1?.txt", "attachment; filename=\"-rf 100% #1?.txt\"; filename*=UTF-8''-rf%20100%25%20#1%3F.txt")]
    [InlineData("<img onerror=x>", "attachment; filename=\"<img onerror=x>\"; filename*=UTF-8''%3Cimg%20onerror%3Dx%3E")]
    public async Task Download_carries_any_name(string name, string disposition)
    {
        string path = "/files/names/" + Uri.EscapeDataString(name);
        await _service.StoreAsync(path, [1]);

        using HttpResponseMessage answer = await _service.GetAsync(path);

        answer.Content.Headers.GetValues("Content-Disposition").Single().ShouldBe(disposition);
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
        answer.Content.Headers.ContentDisposition!.FileNameStar.ShouldBe(name);
        (await _service.NamesAsync("/files/names/")).ShouldContain(name);
    }

    [Theory]
    [InlineData("page.html", "text/html", "application/octet-stream")]
    [InlineData("page.xhtml", "application/xhtml+xml; charset=utf-8", "application/octet-stream")]
    [InlineData("drawing.svg", "image/svg+xml", "application/octet-stream")]
    [InlineData("script.js", "text/javascript", "application/octet-stream")]
    [InlineData("style.css", "text/css", "application/octet-stream")]
    [InlineData("feed.xml", "text/xml", "application/octet-stream")]
    [InlineData("broken", "text/html\u00e9", "application/octet-stream")]
    [InlineData("picture.png", "image/png", "image/png")]
    [InlineData("note.txt", "text/plain; charset=utf-8; x=y", "text/plain; charset=utf-8")]
    [InlineData("guessed.json", null, "application/json")]
    [InlineData("guessed.html", null, "application/octet-stream")]
    public async Task Nothing_is_served_as_something_that_runs(string name, string? declared, string served)
    {
        await _service.StoreAsync("/files/types/" + name, "<script>alert(1)</script>"u8.ToArray(), declared);

        using HttpResponseMessage answer = await _service.GetAsync("/files/types/" + name, ("Accept", "text/html"));

        answer.Content.Headers.ContentType!.ToString().ShouldBe(served);
        answer.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        answer.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldBe("sandbox; default-src 'none'");
    }

    [Fact]
    public async Task Delete_removes_file_and_bytes()
    {
        await _service.StoreAsync("/files/gone/deep/a", Body);
        int blobs = _service.Blobs().Length;
        long taken = _service.Taken();

        (await _service.StatusAsync(HttpMethod.Delete, "/files/gone/deep/a")).ShouldBe(HttpStatusCode.NoContent);
        (await _service.StatusAsync(HttpMethod.Delete, "/files/gone/deep/a")).ShouldBe(HttpStatusCode.NotFound);
        (await _service.StatusAsync(HttpMethod.Get, "/files/gone/deep/a")).ShouldBe(HttpStatusCode.NotFound);
        (await _service.StatusAsync(HttpMethod.Get, "/files/gone/")).ShouldBe(HttpStatusCode.NotFound);
        _service.Blobs().Length.ShouldBe(blobs - 1);
        _service.Taken().ShouldBe(taken - Body.Length);
    }

    [Fact]
    public async Task Reader_of_a_replaced_file_reads_on()
    {
        byte[] large = FileCalls.Bytes(20_000_000);
        await _service.StoreAsync("/files/replaced", large);
        using HttpResponseMessage reading = await _service.GetAsync("/files/replaced");

        await _service.StoreAsync("/files/replaced", [1]);

        FileCalls.Hash(await reading.Content.ReadAsByteArrayAsync(Token)).ShouldBe(FileCalls.Hash(large));
        (await _service.ReadAsync("/files/replaced")).ShouldBe([1]);
    }

    [Fact]
    public async Task Readers_of_a_file_that_is_replaced_over_and_over_always_get_one_whole_version()
    {
        byte[][] versions = [.. Enumerable.Range(0, 8).Select(i => FileCalls.Bytes(100_000 + i, i))];
        string[] hashes = [.. versions.Select(FileCalls.Hash)];
        await _service.StoreAsync("/files/busy", versions[0]);
        Task writing = Task.WhenAll(versions.Select(version => _service.StoreAsync("/files/busy", version)));

        do
            hashes.ShouldContain(FileCalls.Hash(await _service.ReadAsync("/files/busy")));
        while (!writing.IsCompleted);
        await writing;
    }

    [Fact]
    public async Task File_and_folder_do_not_share_a_path()
    {
        await _service.StoreAsync("/files/tree/a", [1]);
        await _service.StoreAsync("/files/tree/b/c/d", [1]);

        using HttpResponseMessage below = await _service.PutAsync("/files/tree/a/b", [1]);
        using HttpResponseMessage above = await _service.PutAsync("/files/tree/b/c", [1]);

        await below.ShouldBeProblemAsync(ProblemTypes.Conflict);
        await above.ShouldBeProblemAsync(ProblemTypes.Conflict);
        (await _service.NamesAsync("/files/tree/")).ShouldBe(["a", "b/"]);
    }

    [Fact]
    public async Task Case_makes_another_file()
    {
        await _service.StoreAsync("/files/case/a", [1]);
        await _service.StoreAsync("/files/case/A", [2]);

        (await _service.ReadAsync("/files/case/a")).ShouldBe([1]);
        (await _service.ReadAsync("/files/case/A")).ShouldBe([2]);
    }

    [Fact]
    public async Task Part_of_a_file_and_unknown_parameters_are_refused()
    {
        using ByteArrayContent part = new([1]);
        part.Headers.TryAddWithoutValidation("Content-Range", "bytes 0-0/2");

        using HttpResponseMessage answer = await _service.PutAsync("/files/part?overwrite=true", part, null);

        (await answer.ShouldBeFaultsAsync()).ShouldBe(
            ["overwrite: unknown parameter; known are none", "Content-Range: a file is put whole"], ignoreOrder: true);
    }

    [Fact]
    public async Task Restart_keeps_files_and_what_is_known_of_them()
    {
        using TempFolder folder = new();
        await using (ServiceUnderTest before = await ServiceUnderTest.StartInAsync(folder.Path))
            await before.StoreAsync("/files/kept/a.csv", Body, "text/csv");
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "files", Guid.NewGuid().ToString("N") + ".part"), "half", Token);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "files", Guid.NewGuid().ToString("N")), "whole, but no row", Token);

        await using ServiceUnderTest after = await ServiceUnderTest.StartInAsync(folder.Path);

        using HttpResponseMessage answer = await after.GetAsync("/files/kept/a.csv");
        FileCalls.Hash(await answer.Content.ReadAsByteArrayAsync(Token)).ShouldBe(FileCalls.Hash(Body));
        answer.Headers.ETag!.Tag.ShouldBe($"\"{FileCalls.Hash(Body)}\"");
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
        after.Blobs().Length.ShouldBe(1);
        after.Taken().ShouldBe(Body.Length);
    }

    private sealed class UnknownLength(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
