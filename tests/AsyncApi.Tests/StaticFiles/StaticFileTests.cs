using System.Net;
using System.Text;
using System.Text.Json;
using AsyncApi.Http.Problems;
using AsyncApi.Tests.Fetches;
using AsyncApi.Tests.Http;
using AsyncApi.TestSupport;

namespace AsyncApi.Tests.StaticFiles;

public sealed class StaticFileTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly string _root;
    private ServiceUnderTest _service = null!;

    public StaticFileTests() => _root = _folder.File("root");

    public async ValueTask InitializeAsync()
    {
        Write("hello.txt", "0123456789");
        Write("css/site.css", "body { color: black }");
        Write("font/a.woff2", "font");
        Write(".hidden", "secret");
        Write("../outside.txt", "secret");
        _service = await ServiceUnderTest.StartAsync(("StaticFiles:Root", _root), ("StaticFiles:ShowIndex", "true"));
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("/static/hello.txt", "text/plain; charset=utf-8")]
    [InlineData("/static/css/site.css", "text/css; charset=utf-8")]
    [InlineData("/css/site.css", "text/css; charset=utf-8")]
    [InlineData("/font/a.woff2", "font/woff2")]
    public async Task File_comes_with_its_type_a_tag_and_a_time_to_live(string path, string type)
    {
        using HttpResponseMessage answer = await _service.GetAsync(path);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.ToString().ShouldBe(type);
        answer.Headers.ETag!.IsWeak.ShouldBeFalse();
        answer.Headers.CacheControl!.ToString().ShouldBe("public, max-age=3600");
        answer.Headers.AcceptRanges.ShouldBe(["bytes"]);
        answer.Content.Headers.LastModified.ShouldNotBeNull();
        answer.Headers.Vary.ShouldBeEmpty();
    }

    [Fact]
    public async Task Version_that_is_known_is_not_sent_again_until_the_file_changes()
    {
        using HttpResponseMessage first = await _service.GetAsync("/static/hello.txt");
        string tag = first.Headers.ETag!.Tag;

        using HttpResponseMessage known = await _service.GetAsync("/static/hello.txt", ("If-None-Match", tag));
        Write("hello.txt", "changed!!!");
        using HttpResponseMessage changed = await _service.GetAsync("/static/hello.txt", ("If-None-Match", tag));
        using HttpResponseMessage stale = await _service.GetAsync("/static/hello.txt", ("If-Match", tag));

        known.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        known.Headers.ETag!.Tag.ShouldBe(tag);
        known.Headers.CacheControl!.ToString().ShouldBe("public, max-age=3600");
        (await TextAsync(changed)).ShouldBe("changed!!!");
        await stale.ShouldBeProblemAsync(ProblemTypes.PreconditionFailed);
    }

    [Theory]
    [InlineData("bytes=2-4", 206, "234")]
    [InlineData("bytes=-3", 206, "789")]
    [InlineData("bytes=8-", 206, "89")]
    [InlineData("bytes=0-1,4-5", 200, "0123456789")]
    [InlineData("lines=1-2", 200, "0123456789")]
    public async Task Range_is_cut_out(string range, int status, string expected)
    {
        using HttpResponseMessage answer = await _service.GetAsync("/static/hello.txt", ("Range", range));

        ((int)answer.StatusCode).ShouldBe(status);
        (await TextAsync(answer)).ShouldBe(expected);
    }

    [Fact]
    public async Task Range_outside_the_file_says_how_long_it_is()
    {
        using HttpResponseMessage answer = await _service.GetAsync("/static/hello.txt", ("Range", "bytes=10-"));

        await answer.ShouldBeProblemAsync(ProblemTypes.RangeNotSatisfiable);
        answer.Content.Headers.ContentRange!.ToString().ShouldBe("bytes */10");
    }

    [Fact]
    public async Task Head_has_the_headers_of_get()
    {
        using HttpRequestMessage head = new(HttpMethod.Head, "/static/hello.txt");

        using HttpResponseMessage answer = await _service.Client.SendAsync(head, Token);

        answer.Content.Headers.ContentLength.ShouldBe(10);
        answer.Headers.ETag.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("gzip, br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("gzip;q=1, br;q=0.5", "gzip")]
    [InlineData("*", "br")]
    [InlineData("br;q=0, *", "gzip")]
    [InlineData("br;q=0.5, identity", null)]
    [InlineData("deflate", null)]
    [InlineData("br;q=0", null)]
    [InlineData("not a list;;", null)]
    [InlineData(null, null)]
    public async Task Compressed_form_is_sent_to_those_who_can_read_it(string? accepted, string? coding)
    {
        Write("app.js", "let plain = 1;");
        Write("app.js.br", "brotli");
        Write("app.js.gz", "gzipped");

        using HttpResponseMessage answer = await _service.GetAsync("/static/app.js", accepted is null ? [] : [("Accept-Encoding", accepted)]);

        answer.Content.Headers.ContentEncoding.ShouldBe(coding is null ? [] : [coding]);
        (await TextAsync(answer)).ShouldBe(coding switch { "br" => "brotli", "gzip" => "gzipped", _ => "let plain = 1;" });
        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/javascript; charset=utf-8");
        answer.Headers.Vary.ShouldBe(["Accept-Encoding"]);
    }

    [Fact]
    public async Task Each_form_has_a_tag_of_its_own()
    {
        Write("app.js", "123456");
        Write("app.js.br", "brotli");
        using HttpResponseMessage plain = await _service.GetAsync("/static/app.js");
        using HttpResponseMessage compressed = await _service.GetAsync("/static/app.js", ("Accept-Encoding", "br"));

        using HttpResponseMessage other = await _service.GetAsync("/static/app.js", ("Accept-Encoding", "br"), ("If-None-Match", plain.Headers.ETag!.Tag));
        using HttpResponseMessage known = await _service.GetAsync("/static/app.js", ("Accept-Encoding", "br"), ("If-None-Match", compressed.Headers.ETag!.Tag));
        using HttpResponseMessage range = await _service.GetAsync("/static/app.js", ("Accept-Encoding", "br"), ("Range", "bytes=0-2"));

        other.StatusCode.ShouldBe(HttpStatusCode.OK);
        known.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        known.Headers.Vary.ShouldBe(["Accept-Encoding"]);
        (await TextAsync(range)).ShouldBe("bro");
    }

    [Fact]
    public async Task Compressed_form_that_the_file_has_outlived_is_not_sent()
    {
        Write("app.js", "new");
        Write("app.js.br", "brotli of the old");
        File.SetLastWriteTimeUtc(Path.Combine(_root, "app.js.br"), DateTime.UnixEpoch);

        using HttpResponseMessage answer = await _service.GetAsync("/static/app.js", ("Accept-Encoding", "br"));

        (await TextAsync(answer)).ShouldBe("new");
    }

    [Theory]
    [InlineData("/static/../outside.txt")]
    [InlineData("/static/%2e%2e/outside.txt")]
    [InlineData("/static/..%2foutside.txt")]
    [InlineData("/static/..%5coutside.txt")]
    [InlineData("/css/../../outside.txt")]
    [InlineData("/static//etc/passwd")]
    [InlineData("/static/.hidden")]
    [InlineData("/static/css/.%2e/.hidden")]
    [InlineData("/static/nowhere.txt")]
    [InlineData("/static/hello.txt/")]
    [InlineData("/static/link-out.txt")]
    [InlineData("/static/link-out/outside.txt")]
    [InlineData("/static/link-around/outside.txt")]
    [InlineData("/static/link-circle")]
    [InlineData("/static/link-dangling")]
    public async Task What_is_not_below_the_folder_is_not_found(string path)
    {
        File.CreateSymbolicLink(Path.Combine(_root, "link-out.txt"), _folder.File("outside.txt"));
        File.CreateSymbolicLink(Path.Combine(_root, "link-out"), "..");
        File.CreateSymbolicLink(Path.Combine(_root, "link-around"), "css/back");
        File.CreateSymbolicLink(Path.Combine(_root, "css", "back"), "../..");
        File.CreateSymbolicLink(Path.Combine(_root, "link-circle"), "link-circle");
        File.CreateSymbolicLink(Path.Combine(_root, "link-dangling"), "nothing");

        string answer = await RawHttp.GetAsync(_service.Address, path);

        answer.ShouldStartWith("HTTP/1.1 404 ");
        answer.ShouldNotContain("secret");
    }

    [Fact]
    public async Task Link_that_stays_inside_is_followed()
    {
        File.CreateSymbolicLink(Path.Combine(_root, "current"), "css");

        (await _service.Client.GetStringAsync("/static/current/site.css", Token)).ShouldBe("body { color: black }");
    }

    [Fact]
    public async Task Index_lists_what_may_be_seen()
    {
        Write("<b> & \"c\".txt", "x");
        File.CreateSymbolicLink(Path.Combine(_root, "link-out"), "..");

        JsonElement json = await _service.JsonAsync("/static/");
        using HttpResponseMessage html = await _service.GetAsync("/static/", ("Accept", "text/html"));

        json.GetProperty("items").EnumerateArray().Select(item => item.Text("name")).ShouldBe(["<b> & \"c\".txt", "css/", "font/", "hello.txt"]);
        json.GetProperty("items")[3].Number("size").ShouldBe(10);
        string page = await TextAsync(html);
        page.ShouldContain("<a href=\"./%3Cb%3E%20%26%20%22c%22.txt\"><bdi>&lt;b&gt; &amp; &quot;c&quot;.txt</bdi></a>");
        page.ShouldContain("<a href=\"./css/\">");
        (await _service.JsonAsync("/css/")).GetProperty("items")[0].Text("name").ShouldBe("site.css");
    }

    [Fact]
    public async Task Folder_without_its_slash_is_sent_on()
    {
        using HttpResponseMessage answer = await _service.GetAsync("/static/css");

        answer.StatusCode.ShouldBe(HttpStatusCode.TemporaryRedirect);
        answer.Headers.Location!.ToString().ShouldBe("/static/css/");
    }

    [Fact]
    public async Task Index_is_not_there_unless_it_is_switched_on()
    {
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(("StaticFiles:Root", _root));

        foreach (string path in (string[])["/static/", "/static", "/static/css/", "/static/css", "/css/"])
        {
            using HttpResponseMessage answer = await service.GetAsync(path);
            await answer.ShouldBeProblemAsync(ProblemTypes.NotFound);
        }
    }

    [Fact]
    public async Task Service_brings_files_to_look_at()
    {
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();

        (await service.Client.GetStringAsync("/static/hello.txt", Token)).ShouldBe("Hello, world\n");
        (await service.Client.GetStringAsync("/css/hello.css", Token)).ShouldContain("font-family");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Task<string> TextAsync(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(Token);

    private void Write(string path, string text)
    {
        string full = Path.GetFullPath(path, _root);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }
}
