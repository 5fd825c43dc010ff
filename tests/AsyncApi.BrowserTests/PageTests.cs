using System.Collections.Concurrent;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AsyncApi.BrowserTests;

public sealed class PageTests(Browser browser) : IClassFixture<Browser>
{
    private readonly ConcurrentBag<string> _complaints = [];

    [Fact]
    public async Task Home_page_leads_to_every_page_it_names()
    {
        IPage page = await browser.OpenAsync("/", _complaints);
        await Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Level = 1 })).ToHaveTextAsync("AsyncApi");
        IReadOnlyList<string?> links = [.. await Task.WhenAll((await page.GetByRole(AriaRole.Link).AllAsync()).Select(link => link.GetAttributeAsync("href")))];

        links.Count.ShouldBeGreaterThan(3);
        foreach (string? link in links.Where(link => !link!.StartsWith('#')))
            (await page.GotoAsync(link.ShouldNotBeNull()))!.Ok.ShouldBeTrue(link);
        _complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Problem_page_explains_and_leads_to_all_problems()
    {
        IPage page = await browser.OpenAsync("/problems/validation", _complaints);

        await Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Level = 1 })).ToHaveTextAsync("The request has invalid values");
        await Expect(page.GetByText("What to do")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "All problems" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "queue-full" })).ToBeVisibleAsync();
        _complaints.ShouldBeEmpty();
    }
}
