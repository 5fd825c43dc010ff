using System.Net;
using System.Text.Json;
using AsyncApi.Http.Paging;
using AsyncApi.Http.Problems;

namespace AsyncApi.Tests.Http;

public sealed class PagingTests : IAsyncLifetime
{
    private HttpTestApp _app = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _app = await HttpTestApp.StartAsync();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Following_the_links_visits_every_item_once()
    {
        List<long> seen = [];
        string? next = "/things?search=a%20%26b&limit=50";
        while (next is not null)
        {
            using HttpResponseMessage response = await _app.Client.GetAsync(next, Token);
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            JsonElement page = await response.JsonAsync();
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("number").GetInt64()));
            next = response.Headers.TryGetValues("Link", out IEnumerable<string>? links) ? links.Single().Split('<', '>')[1] : null;
            string? cursor = page.GetProperty("nextCursor").GetString();
            next.ShouldBe(cursor is null ? null : $"/things?search=a%20%26b&limit=50&cursor={cursor}");
        }

        seen.ShouldBe(Enumerable.Range(1, 120).Select(id => (long)id));
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("limit=1e9", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=", "limit")]
    [InlineData("limit=5&limit=5", "limit")]
    [InlineData("limit=99999999999999999999", "limit")]
    [InlineData("cursor=", "cursor")]
    [InlineData("cursor=AAAA", "cursor")]
    [InlineData("cursor=%00", "cursor")]
    [InlineData("cursor=====", "cursor")]
    [InlineData("cursor=AQEAAAAAAAAAAQ%3D", "cursor")]
    public async Task Limit_or_cursor_out_of_bounds_is_a_fault(string query, string path)
    {
        using HttpResponseMessage response = await _app.Client.GetAsync($"/things?{query}", Token);

        (await response.ShouldBeProblemAsync(ProblemTypes.Validation)).GetProperty("errors").EnumerateObject().Single().Name.ShouldBe(path);
    }

    [Fact]
    public async Task Cursor_of_another_kind_of_list_is_a_fault()
    {
        using HttpResponseMessage response = await _app.Client.GetAsync($"/things?cursor={Cursor.Of(Guid.Empty)}", Token);

        await response.ShouldBeProblemAsync(ProblemTypes.Validation);
    }

    [Fact]
    public async Task Unknown_parameter_is_ignored_on_a_read()
    {
        using HttpResponseMessage response = await _app.Client.GetAsync("/things?nonsense=1", Token);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(long.MaxValue, long.MinValue)]
    [InlineData(-1, 1)]
    public void Cursor_survives_the_round_trip(long first, long second)
    {
        Guid id = Guid.Parse("0190a8b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b");

        Cursor.TryParse(Cursor.Of(first).ToString(), CursorKind.Number, out Cursor one).ShouldBeTrue();
        Cursor.TryParse(Cursor.Of(first, second).ToString(), CursorKind.NumberPair, out Cursor two).ShouldBeTrue();
        Cursor.TryParse(Cursor.Of(id).ToString(), CursorKind.Id, out Cursor three).ShouldBeTrue();

        (one.First, two.First, two.Second, three.Id).ShouldBe((first, first, second, id));
    }
}
