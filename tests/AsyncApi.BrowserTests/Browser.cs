using System.Collections.Concurrent;
using AsyncApi.TestSupport;
using Microsoft.Playwright;

namespace AsyncApi.BrowserTests;

/// <summary>One browser and one service, both real, for all tests of a class. Each test opens a page of its own.</summary>
public sealed class Browser : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private ServiceProcess? _service;

    public Uri Address => _service!.Address;

    /// <summary>What another client does.</summary>
    public HttpClient Client => _service!.Client;

    public async ValueTask InitializeAsync()
    {
        if (Tool.Find("chromium") is not { } chromium)
            return;

        // Swagger UI takes seconds to draw an operation where other tests are at work.
        Assertions.SetDefaultExpectTimeout(30_000);
        _service = await ServiceProcess.StartAsync(_folder.Path, new Dictionary<string, string> { ["LoadTests:Enabled"] = "true" });
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = chromium,
            // Nothing of these tests comes from elsewhere, and root has no sandbox.
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-sync", "--disable-dev-shm-usage",
            ],
        });
    }

    /// <summary>A fresh page that keeps everything it complained about in <paramref name="complaints"/>.</summary>
    public async Task<IPage> OpenAsync(string path, ConcurrentBag<string> complaints)
    {
        Tool.Require("chromium");
        IPage page = await _browser!.NewPageAsync(new BrowserNewPageOptions { BaseURL = Address.AbsoluteUri });
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                complaints.Add($"{message.Type}: {message.Text} ({message.Location})");
        };
        page.PageError += (_, error) => complaints.Add($"exception: {error}");
        page.RequestFailed += (_, request) =>
        {
            // A page that is left gives up its streams.
            if (request is not { ResourceType: "eventsource" or "fetch", Failure: "net::ERR_ABORTED" })
                complaints.Add($"failed: {request.Url}");
        };
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(Address.AbsoluteUri, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
                complaints.Add($"foreign: {request.Url}");
        };
        await page.GotoAsync(path);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_service is not null)
            await _service.DisposeAsync();
        _folder.Dispose();
    }
}
