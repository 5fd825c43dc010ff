using System.Net;
using System.Text.Json;
using AsyncApi.Http.Problems;
using AsyncApi.Tests.Fetches;
using AsyncApi.Tests.Http;

namespace AsyncApi.Tests.Files;

public sealed class FolderTests : IAsyncLifetime
{
    private ServiceUnderTest _service = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _service = await ServiceUnderTest.StartAsync();

    public async ValueTask DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task Index_lists_files_and_folders_by_name()
    {
        foreach (string path in (string[])["b", "a/x", "a/y/z", "a-b", "a0/c", "B", "é", "\uFFFD", "😀", "z/1", "z/2"])
            await _service.StoreAsync("/files/" + Uri.EscapeDataString(path).Replace("%2F", "/", StringComparison.Ordinal), [1]);

        (await _service.NamesAsync()).ShouldBe(["B", "a-b", "a/", "a0/", "b", "z/", "é", "\uFFFD", "😀"]);
        (await _service.NamesAsync("/files/a/")).ShouldBe(["x", "y/"]);
        (await _service.NamesAsync("/files")).Length.ShouldBe(9);
        JsonElement item = (await _service.JsonAsync("/files/a/")).GetProperty("items")[0];
        item.Text("url").ShouldBe("/files/a/x");
        item.Text("sha256").ShouldBe(FileCalls.Hash([1]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task Pages_hold_each_entry_once(int limit)
    {
        string[] paths = [.. Enumerable.Range(0, 6).SelectMany(i => (string[])[$"f{i}", $"d{i}/x", $"d{i}/y/z", $"f{i}-/x", $"😀{i}"])];
        foreach (string path in paths)
            await _service.StoreAsync("/files/p/" + path, [1]);

        List<string> seen = [];
        for (string? next = $"/files/p/?limit={limit}"; next is not null;)
        {
            using HttpResponseMessage answer = await _service.GetAsync(next, ("Accept", "application/json"));
            JsonElement page = await answer.JsonAsync();
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.Text("name")));
            next = answer.Headers.TryGetValues("Link", out IEnumerable<string>? links) ? links.Single().Split('<', '>')[1] : null;
            page.GetProperty("nextCursor").ValueKind.ShouldBe(next is null ? JsonValueKind.Null : JsonValueKind.String);
        }

        seen.ShouldBe(await _service.NamesAsync("/files/p/?limit=1000"));
        seen.Count.ShouldBe(24);
    }

    [Fact]
    public async Task Page_for_people_escapes_every_name()
    {
        foreach (string name in (string[])["<img onerror=alert(1)>", "\"quoted' & more", "javascript:alert(1)"[..10] + " x", "a\nb", "\u202Egpj.exe", "100% #1?.txt", "-rf"])
            await _service.StoreAsync("/files/names/" + Uri.EscapeDataString(name), [1]);

        using HttpResponseMessage answer = await _service.GetAsync("/files/names/", ("Accept", "text/html"));
        string html = await answer.Content.ReadAsStringAsync(Token);

        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/html; charset=utf-8");
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'none'; frame-ancestors 'none'");
        html.ShouldNotContain("<img");
        html.ShouldContain("<a href=\"/files/names/%3Cimg%20onerror%3Dalert%281%29%3E\"><bdi>&lt;img onerror=alert(1)&gt;</bdi></a>");
        html.ShouldContain("<a href=\"/files/names/100%25%20%231%3F.txt\"><bdi>100% #1?.txt</bdi></a>");
        foreach (string link in html.Split("<a href=\"/").Skip(1).Select(rest => "/" + WebUtility.HtmlDecode(rest.Split('"')[0])))
            (await _service.StatusAsync(HttpMethod.Get, link)).ShouldBe(HttpStatusCode.OK, link);
    }

    [Fact]
    public async Task Folder_without_its_slash_leads_to_the_one_with()
    {
        await _service.StoreAsync("/files/a%20b/c", [1]);

        using HttpResponseMessage answer = await _service.GetAsync("/files/a%20b");

        answer.StatusCode.ShouldBe(HttpStatusCode.TemporaryRedirect);
        answer.Headers.Location!.OriginalString.ShouldBe("/files/a%20b/");
    }

    [Fact]
    public async Task Empty_root_is_a_folder_and_nothing_else_is()
    {
        (await _service.NamesAsync()).ShouldBeEmpty();
        (await _service.StatusAsync(HttpMethod.Get, "/files/none/")).ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("/files/?cursor=x", 400)]
    [InlineData("/files/?cursor=AWE%3D", 400)]
    [InlineData("/files/?cursor=Av8", 400)]
    [InlineData("/files/?limit=0", 400)]
    [InlineData("/files/?limit=1001", 400)]
    [InlineData("/files/a//", 400)]
    [InlineData("/files/CON/", 400)]
    public async Task Bad_question_is_refused(string path, int status)
    {
        using HttpResponseMessage answer = await _service.GetAsync(path);

        ((int)answer.StatusCode).ShouldBe(status);
        await answer.ShouldBeProblemAsync(ProblemTypes.Validation);
    }

    [Fact]
    public async Task Index_in_another_form_is_not_acceptable()
    {
        using HttpResponseMessage answer = await _service.GetAsync("/files/", ("Accept", "image/png"));

        await answer.ShouldBeProblemAsync(ProblemTypes.NotAcceptable);
    }
}
