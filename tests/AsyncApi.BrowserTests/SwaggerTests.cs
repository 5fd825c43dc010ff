using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AsyncApi.BrowserTests;

public sealed class SwaggerTests(Browser browser) : IClassFixture<Browser>
{
    private readonly ConcurrentBag<string> _complaints = [];

    [Fact]
    public async Task Swagger_ui_shows_every_operation_without_a_complaint()
    {
        IPage page = await browser.OpenAsync("/swagger/index.html", _complaints);
        using HttpClient http = new() { BaseAddress = browser.Address };
        using JsonDocument document = JsonDocument.Parse(await http.GetStringAsync("/swagger/v1/swagger.json", TestContext.Current.CancellationToken));
        string[] expected = [.. document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => operation.Value.GetProperty("operationId").GetString()!)).Order(StringComparer.Ordinal)];

        await Expect(page.Locator(".opblock")).ToHaveCountAsync(expected.Length);
        IReadOnlyList<string> shown = await page.Locator(".opblock-summary-operation-id").AllInnerTextsAsync();

        shown.Order(StringComparer.Ordinal).ShouldBe(expected);
        _complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Home_can_be_tried_out()
    {
        IPage page = await browser.OpenAsync("/swagger/index.html", _complaints);
        ILocator operation = page.Locator("#operations-Home-getHome");

        await ExecuteAsync(operation);

        await Expect(operation.Locator(".live-responses-table .response-col_status").Last).ToContainTextAsync("200");
        await Expect(operation.Locator(".live-responses-table")).ToContainTextAsync("Hello World");
        _complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Submission_can_be_tried_out_as_it_stands()
    {
        IPage page = await browser.OpenAsync("/swagger/index.html", _complaints);
        ILocator operation = page.Locator("#operations-Fetches-submitFetch");

        await ExecuteAsync(operation);

        await Expect(operation.Locator(".live-responses-table .response-col_status").Last).ToContainTextAsync("202");
        _complaints.ShouldBeEmpty();
    }

    private static async Task ExecuteAsync(ILocator operation)
    {
        await operation.Locator(".opblock-summary-control").ClickAsync();
        await operation.Locator(".try-out__btn").ClickAsync();
        await operation.Locator(".execute").ClickAsync();
    }
}
