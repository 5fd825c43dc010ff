using System.Collections.Concurrent;
using System.Text;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AsyncApi.BrowserTests;

/// <summary>What is uploaded never runs in the service's origin, however a browser is brought to it.</summary>
public sealed class FileTests(Browser browser) : IClassFixture<Browser>
{
    private const string Script = "document.title='XSS-RAN'; window.xss = true;";

    private readonly ConcurrentBag<string> _complaints = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string> Uploads => new()
    {
        { "page.html", "text/html", $"<!doctype html><title>quiet</title><script>{Script}</script><img src=x onerror=\"{Script}\">" },
        { "page.xhtml", "application/xhtml+xml", $"<html xmlns=\"http://www.w3.org/1999/xhtml\"><script>{Script}</script></html>" },
        { "drawing.svg", "image/svg+xml", $"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"{Script}\"><script>{Script}</script></svg>" },
        { "sniffed", "", $"<html><script>{Script}</script>" },
        { "text.txt", "text/plain", $"<html><script>{Script}</script>" },
    };

    [Theory]
    [MemberData(nameof(Uploads))]
    public async Task Uploaded_page_is_saved_and_never_shown(string name, string contentType, string text)
    {
        IPage page = await browser.OpenAsync("/files/", _complaints);
        await UploadAsync(name, contentType, text);
        await page.ReloadAsync();

        IDownload download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = name, Exact = true }).ClickAsync());

        download.SuggestedFilename.ShouldBe(name);
        (await page.TitleAsync()).ShouldBe("/files/ - AsyncApi");
        (await page.EvaluateAsync<bool>("() => window.xss === true")).ShouldBeFalse();
    }

    [Fact]
    public async Task Uploaded_script_is_no_script_even_where_own_scripts_may_run()
    {
        await UploadAsync("script.js", "text/javascript", Script);
        IPage page = await browser.OpenAsync("/swagger/index.html", _complaints);

        string outcome = await page.EvaluateAsync<string>(
            "() => new Promise(done => { const s = document.createElement('script'); s.src = '/files/script.js'; s.onload = () => done('ran');"
            + " s.onerror = () => done('refused'); document.head.append(s); })");

        outcome.ShouldBe("refused");
        (await page.EvaluateAsync<bool>("() => window.xss === true")).ShouldBeFalse();
    }

    [Fact]
    public async Task Names_that_are_markup_are_shown_as_names()
    {
        const string Name = "<img src=x onerror=\"document.title='XSS-RAN'\">";
        await UploadAsync("names/" + Uri.EscapeDataString(Name), "text/plain", "x");

        IPage page = await browser.OpenAsync("/files/names/", _complaints);

        await Expect(page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = Name, Exact = true })).ToBeVisibleAsync();
        await Expect(page).ToHaveTitleAsync("/files/names/ - AsyncApi");
        _complaints.ShouldBeEmpty();
    }

    private async Task UploadAsync(string name, string contentType, string text)
    {
        AsyncApi.TestSupport.Tool.Require("chromium");
        using HttpClient http = new() { BaseAddress = browser.Address };
        using ByteArrayContent content = new(Encoding.UTF8.GetBytes(text));
        if (contentType.Length > 0)
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        using HttpResponseMessage answer = await http.PutAsync(new Uri("/files/" + name, UriKind.Relative), content, Token);
        answer.IsSuccessStatusCode.ShouldBeTrue();
    }
}
