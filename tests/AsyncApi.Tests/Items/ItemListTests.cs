using System.Text.Json;
using AsyncApi.Tests.Fetches;

namespace AsyncApi.Tests.Items;

public class ItemListTests : IAsyncLifetime
{
    private ServiceUnderTest _service = null!;

    public async ValueTask InitializeAsync() => _service = await ServiceUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Theory]
    [InlineData("")]
    [InlineData("&search=item")]
    public async Task Pages_go_from_the_newest_to_the_oldest_while_rows_come_and_go(string more)
    {
        string[] paths = new string[5];
        for (int i = 0; i < 5; i++)
        {
            paths[i] = await _service.AddItemAsync("data", $"Item {i}");
        }

        JsonElement first = await _service.JsonAsync($"/items?limit=2{more}");
        using HttpResponseMessage deleted = await _service.DeleteAsync(paths[3]);
        await _service.AddItemAsync("data", "Item late");
        JsonElement second = await _service.JsonAsync($"/items?limit=2{more}&cursor={first.Text("nextCursor")}");
        JsonElement third = await _service.JsonAsync($"/items?limit=2{more}&cursor={second.Text("nextCursor")}");

        Names(first).Concat(Names(second)).Concat(Names(third)).ShouldBe(["Item 4", "Item 3", "Item 2", "Item 1", "Item 0"]);
        third.GetProperty("nextCursor").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Status_and_search_narrow_the_list()
    {
        await _service.ItemOverAsync(await _service.AddItemAsync("data", "50% off"));
        await _service.ItemOverAsync(await _service.AddItemAsync("data", "50 euros off"));
        await _service.ItemOverAsync(await _service.AddItemAsync("data", "ÄRGER"));
        await _service.ItemOverAsync(await _service.AddItemAsync("50% off"));

        Names(await _service.JsonAsync("/items?search=50%25")).ShouldBe(["50% off"]);
        Names(await _service.JsonAsync("/items?search=OFF&status=processed")).ShouldBe(["50 euros off", "50% off"]);
        Names(await _service.JsonAsync("/items?search=ÄRGER")).ShouldBe(["ÄRGER"]);
        Names(await _service.JsonAsync("/items?search=OFF&status=failed")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Page_of_large_items_ends_early_and_says_how_to_go_on()
    {
        string data = new('x', 65536);
        for (int i = 0; i < 70; i++)
        {
            await _service.AddItemAsync(data, $"{i}");
        }

        List<string> names = [];
        string? cursor = null;
        int pages = 0;
        do
        {
            JsonElement page = await _service.JsonAsync($"/items?limit=1000{(cursor is null ? "" : $"&cursor={cursor}")}");
            names.AddRange(Names(page));
            cursor = page.GetProperty("nextCursor").GetString();
            pages++;
        }
        while (cursor is not null);

        pages.ShouldBe(2);
        names.ShouldBe(Enumerable.Range(0, 70).Reverse().Select(i => $"{i}"));
    }

    [Fact]
    public async Task Faults_of_the_query_are_named()
    {
        using HttpResponseMessage answer = await _service.GetAsync("/items?status=done&limit=0&cursor=x");

        string[] faults = await answer.ShouldBeFaultsAsync();
        faults.Select(fault => fault[..fault.IndexOf(':', StringComparison.Ordinal)]).Order().ShouldBe(["cursor", "limit", "status"]);
        faults.ShouldContain(fault => fault.Contains("accepted, processing, processed, failed"));
    }

    private static IEnumerable<string> Names(JsonElement page) => page.GetProperty("items").EnumerateArray().Select(item => item.Text("name"));
}
