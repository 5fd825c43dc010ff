using System.Net;
using System.Text.RegularExpressions;
using AsyncApi.Http.Problems;
using AsyncApi.Tests.Fetches;
using AsyncApi.Tests.Http;

namespace AsyncApi.Tests.Home;

public sealed partial class DashboardTests(ServiceWithTarget both) : IClassFixture<ServiceWithTarget>
{
    private readonly ServiceUnderTest _service = both.Service;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Page_loads_only_what_is_there()
    {
        Queue<string> open = new(["/"]);
        HashSet<string> seen = ["/"];
        while (open.TryDequeue(out string? path))
        {
            using HttpResponseMessage answer = await _service.GetAsync(path, ("Accept", "text/html, */*"));
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, path);
            string text = await answer.Content.ReadAsStringAsync(Token);
            // What comes from elsewhere must stay text.
            text.ShouldNotMatch("innerHTML|outerHTML|insertAdjacentHTML|document\\.write|eval\\(|new Function", path);
            foreach (Match match in Loaded().Matches(text))
            {
                string next = new Uri(new Uri(_service.Address, path), match.Groups["path"].Value).AbsolutePath;
                if (seen.Add(next))
                {
                    open.Enqueue(next);
                }
            }
        }

        seen.ShouldContain("/dashboard/views/fetch.js");
        seen.ShouldContain("/dashboard/dashboard.css");
    }

    [Theory]
    [InlineData("/dashboard/main.js", "text/javascript")]
    [InlineData("/dashboard/views/jobs.js", "text/javascript")]
    [InlineData("/dashboard/dashboard.css", "text/css")]
    [InlineData("/dashboard/icon.svg", "image/svg+xml")]
    public async Task Part_has_its_type_and_a_version_that_is_asked_for_each_time(string path, string type)
    {
        using HttpResponseMessage first = await _service.GetAsync(path);
        using HttpResponseMessage again = await _service.GetAsync(path, ("If-None-Match", first.Headers.ETag!.Tag));

        first.Content.Headers.ContentType!.ToString().ShouldBe($"{type}; charset=utf-8");
        first.Headers.CacheControl!.NoCache.ShouldBeTrue();
        (again.StatusCode, (await again.Content.ReadAsByteArrayAsync(Token)).Length).ShouldBe((HttpStatusCode.NotModified, 0));
    }

    [Fact]
    public async Task Page_runs_nothing_but_its_own_files()
    {
        using HttpResponseMessage page = await _service.GetAsync("/", ("Accept", "text/html"));

        string policy = page.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem();
        policy.ShouldContain("default-src 'none'; script-src 'self'; style-src 'self';");
        policy.ShouldNotContain("unsafe");
        (await page.Content.ReadAsStringAsync(Token)).ShouldNotMatch("<style|style=|<script>|onclick=");
    }

    [Theory]
    [InlineData("/dashboard/nothing.js")]
    [InlineData("/dashboard/")]
    [InlineData("/dashboard/views/../../appsettings.json")]
    [InlineData("/dashboard/Main.js")]
    public async Task What_is_no_part_of_it_is_not_found(string path)
    {
        using HttpResponseMessage answer = await _service.GetAsync(path);

        await answer.ShouldBeProblemAsync(ProblemTypes.NotFound);
    }

    [GeneratedRegex("""(src|href|from|import)[ =]+["'](?<path>(/dashboard|\.)[^"']+)["']""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Loaded();
}
