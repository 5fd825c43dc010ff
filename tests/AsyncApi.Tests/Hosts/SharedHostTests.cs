using System.Net;
using System.Text.Json;
using AsyncApi.Tests.Fetches;
using AsyncApi.Tests.Http;
using AsyncApi.Tests.Storage;
using AsyncApi.TestSupport;

namespace AsyncApi.Tests.Hosts;

/// <summary>Two services on one database: the fetch runs in one, and the operator talks to the other.</summary>
public sealed class SharedHostTests : IAsyncLifetime
{
    private (string, string)[] _settings = [];
    private TargetServer _target = null!;
    private ServiceUnderTest _busy = null!;

    private string Host => $"127.0.0.1:{_target.Address.Port}";

    public async ValueTask InitializeAsync()
    {
        _settings =
        [
            ("Storage:Provider", "PostgreSql"),
            ("Storage:ConnectionString", await SharedPostgreSql.CreateDatabaseAsync()),
            ("Storage:ServerPatienceSeconds", "20"),
        ];
        _target = await TargetServer.StartAsync();
        _busy = await ServiceUnderTest.StartAsync(_settings);
    }

    public async ValueTask DisposeAsync()
    {
        await _target.DisposeAsync();
        await _busy.DisposeAsync();
    }

    [Fact]
    public async Task Limits_that_one_process_is_told_come_into_force_in_the_other_and_out_of_it_again()
    {
        await PatchAsync(_busy, """{"concurrency":3,"requestsPerSecond":900}""");
        await _busy.SubmitAsync(ServiceCalls.Batch(Enumerable.Range(0, 20).Select(_ => _target.Url("delay/60000"))));
        await Eventually.Until(() => _target.Running == 3);
        await using ServiceUnderTest asked = await ServiceUnderTest.StartAsync(_settings);

        await PatchAsync(asked, """{"concurrency":5}""");
        await Eventually.Until(() => _target.Running == 5);
        JsonElement raised = await HostAsync();
        await PatchAsync(asked, """{"concurrency":null,"requestsPerSecond":null}""");
        await Eventually.Until(() => _target.Running == 10);

        raised.Number("requestsPerSecond").ShouldBe(900);
        (await HostAsync()).Number("requestsPerSecond").ShouldBe(0);
    }

    private async Task<JsonElement> HostAsync() =>
        (await _busy.JsonAsync("/hosts")).GetProperty("items").EnumerateArray().Single(host => host.Text("host") == Host);

    private async Task PatchAsync(ServiceUnderTest service, string body)
    {
        using HttpResponseMessage answer = await service.PatchAsync($"/hosts/{Host}", body);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
