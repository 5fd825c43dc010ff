using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using AsyncApi.TestSupport;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AsyncApi.BrowserTests;

/// <summary>The dashboard, as people use it.</summary>
public sealed class DashboardTests(Browser browser) : IClassFixture<Browser>, IAsyncLifetime
{
    private const string Script = "<img src=x onerror=\"document.title='XSS-RAN'\">";

    private readonly ConcurrentBag<string> _complaints = [];
    private TargetServer _target = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _target = await TargetServer.StartAsync();

    public ValueTask DisposeAsync() => _target.DisposeAsync();

    [Fact]
    public async Task Fetch_is_submitted_and_its_results_are_seen()
    {
        IPage page = await browser.OpenAsync("/", _complaints);

        await page.GetByText("New fetch").ClickAsync();
        await page.GetByLabel("URLs, one a line").FillAsync($"{_target.Url("ok/1")}\n{_target.Url("status/404")}\n{_target.Url("bytes/2000")}");
        await page.GetByLabel("Label").First.FillAsync("by hand");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Submit" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "by hand" })).ToBeVisibleAsync();
        await Expect(page.Locator(".head .pill")).ToHaveTextAsync("completed");
        await Expect(page.Locator(".results tbody tr")).ToHaveCountAsync(3);
        await Expect(page.Locator(".results tbody tr", new PageLocatorOptions { HasTextString = "status/404" }).Locator(".pill")).ToHaveTextAsync("404");
        await Expect(page.Locator("figcaption").First).ToContainTextAsync("succeeded 2");
        await page.GetByLabel("Which results").SelectOptionAsync("failed");
        await Expect(page.Locator(".results tbody tr")).ToHaveCountAsync(1);
        _complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Job_of_another_client_appears_and_is_paused_resumed_and_cancelled()
    {
        IPage page = await browser.OpenAsync("/", _complaints);
        await Expect(page.Locator("#health")).ToHaveTextAsync("ready");

        string id = await SubmitAsync("from elsewhere", Enumerable.Repeat(_target.Url("delay/60000"), 3));

        ILocator row = page.Locator(".jobs tbody tr", new PageLocatorOptions { HasTextString = "from elsewhere" });
        await Expect(row.Locator(".pill")).ToHaveTextAsync("running");
        await Expect(row).ToContainTextAsync("0 / 3");
        await row.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Pause" }).ClickAsync();
        await Expect(row.Locator(".pill")).ToHaveTextAsync("paused");
        await row.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Resume" }).ClickAsync();
        await Expect(row.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Pause" })).ToBeVisibleAsync();
        await row.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Cancel" }).ClickAsync();
        await Expect(row.Locator(".pill")).ToHaveTextAsync("cancelled");
        await Expect(row.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        (await StatusAsync(id)).ShouldBe("cancelled");
        _complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Running_fetch_is_followed_and_its_limits_are_changed()
    {
        string id = await SubmitAsync("followed", Enumerable.Range(0, 300).Select(i => _target.Url($"delay/{50 + i}")), """{"concurrency":2}""");
        IPage page = await browser.OpenAsync($"/#/fetches/{id}", _complaints);
        await Expect(page.Locator(".results tbody tr").First).ToBeVisibleAsync();

        await page.GetByText("Change its limits").ClickAsync();
        await page.GetByLabel("At once", new PageGetByLabelOptions { Exact = true }).FillAsync("100");
        await page.GetByLabel("At once to one host").FillAsync("100");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Change" }).ClickAsync();

        await Eventually.Until(() => _target.MaxConcurrency > 10);
        await Expect(page.Locator(".head .pill")).ToHaveTextAsync("completed");
        await Expect(page.Locator("figcaption").First).ToContainTextAsync("succeeded 300");
        _complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Texts_of_strangers_are_texts()
    {
        string id = await SubmitAsync(Script, [_target.Url($"status/404?{Uri.EscapeDataString(Script)}")], """{"retry":{"maxRetries":0}}""");
        IPage page = await browser.OpenAsync("/", _complaints);

        await Expect(page.Locator(".jobs tbody tr", new PageLocatorOptions { HasTextString = Script })).ToBeVisibleAsync();
        await page.GotoAsync($"/#/fetches/{id}");
        await Expect(page.Locator(".head h2")).ToHaveTextAsync(Script);
        await Expect(page.Locator(".results tbody tr")).ToHaveCountAsync(1);

        (await page.TitleAsync()).ShouldBe("AsyncApi");
        (await page.Locator("main img").CountAsync()).ShouldBe(0);
        _complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Load_test_is_started_and_drawn()
    {
        IPage page = await browser.OpenAsync("/#/load-tests", _complaints);

        await page.GetByLabel("Requests", new PageGetByLabelOptions { Exact = true }).FillAsync("200");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Start" }).ClickAsync();

        await Expect(page.Locator(".head .pill")).ToHaveTextAsync("completed");
        await Expect(page.Locator(".tile").First).ToContainTextAsync("200");
        await Expect(page.Locator(".histogram rect").First).ToBeVisibleAsync();
        _complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Refused_form_says_what_is_wrong()
    {
        IPage page = await browser.OpenAsync("/#/load-tests", _complaints);

        await page.GetByLabel("URL").FillAsync("http://example.com/");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Start" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The target may not be tested");
        _complaints.ShouldAllBe(complaint => complaint.Contains("403", StringComparison.Ordinal), "The browser itself tells of the refusal.");
    }

    [Fact]
    public async Task Pattern_runs_and_shows_who_ran_when()
    {
        IPage page = await browser.OpenAsync("/#/patterns", _complaints);

        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "asyncio.gather →" }).First.ClickAsync();
        await page.GetByLabel("seconds").FillAsync("0.3, 0.1, 0.2");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Run" }).ClickAsync();

        await Expect(page.Locator(".outcome")).ToContainTextAsync("Result:");
        await Expect(page.Locator(".timeline rect.fill-completed")).ToHaveCountAsync(3);
        await Expect(page.Locator("pre code")).ToContainTextAsync("Task.WhenAll");
        _complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Host_is_shown_while_it_is_called_and_is_spared()
    {
        string id = await SubmitAsync("hosts", Enumerable.Repeat(_target.Url("delay/60000"), 3), """{"perHost":{"concurrency":2}}""");
        IPage page = await browser.OpenAsync("/#/hosts", _complaints);
        string host = _target.Address.Authority;

        ILocator row = page.Locator("tbody tr", new PageLocatorOptions { HasTextString = host });
        await Expect(row.Locator("td").Nth(1)).ToHaveTextAsync("2");
        await page.GetByLabel($"At once to {host}").FillAsync("7");
        await row.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Set" }).ClickAsync();

        await Eventually.Until(async () => (await JsonAsync("/hosts")).GetProperty("items").EnumerateArray()
            .Any(item => item.GetProperty("host").GetString() == host && item.GetProperty("concurrency").GetInt32() == 7));
        using HttpResponseMessage cancelled = await browser.Client.PostAsync($"/jobs/{id}/cancel", null, Token);
        _complaints.ShouldBeEmpty();
    }

    private async Task<string> SubmitAsync(string label, IEnumerable<string> urls, string options = "{}")
    {
        using HttpResponseMessage answer = await browser.Client.PostAsJsonAsync(
            "/fetches", new { label, urls, options = JsonDocument.Parse(options).RootElement }, Token);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("id").GetString()!;
    }

    private async Task<string> StatusAsync(string id) => (await JsonAsync($"/jobs/{id}")).GetProperty("status").GetString()!;

    private Task<JsonElement> JsonAsync(string path) => browser.Client.GetFromJsonAsync<JsonElement>(path, Token);
}
