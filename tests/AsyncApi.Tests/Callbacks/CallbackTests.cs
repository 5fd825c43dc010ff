using System.Net;
using System.Text.Json;
using AsyncApi.Http.Problems;
using AsyncApi.Tests.Fetches;
using AsyncApi.Tests.Http;
using AsyncApi.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;

namespace AsyncApi.Tests.Callbacks;

public sealed class CallbackTests : IAsyncLifetime
{
    private const string OldSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string NewSecret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

    private readonly TempFolder _folder = new();
    private Receiver _receiver = null!;
    private ServiceUnderTest _service = null!;
    private Func<Call, int> _answer = _ => 204;

    public async ValueTask InitializeAsync()
    {
        _receiver = await Receiver.StartAsync((context, before) => _answer(new Call(context, before)));
        await StartAsync("0.0001");
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _receiver.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Receiver_is_told_of_the_end_signed_by_each_secret()
    {
        string path = await SubmitAsync("told");
        JsonElement delivery = await DeliveryAsync(path, "delivered");

        Received received = _receiver.All.ShouldHaveSingleItem();
        JsonElement fetch = await _service.JsonAsync(path);
        received.Json.ShouldBeJson($$"""{"type":"fetch.completed","timestamp":"{{fetch.Text("finishedAt")}}","data":{{fetch}}}""");
        received.Signature.ShouldBe($"{received.SignatureBy(NewSecret)} {received.SignatureBy(OldSecret)}");
        received.ContentType.ShouldBe("application/json");
        long.Parse(received.Timestamp, System.Globalization.CultureInfo.InvariantCulture)
            .ShouldBeInRange(Now.AddSeconds(-60).ToUnixTimeSeconds(), Now.ToUnixTimeSeconds());
        (delivery.Text("id"), delivery.Text("url"), delivery.Number("attempt")).ShouldBe((received.Id, _receiver.Url("told"), 1));
        (delivery.GetProperty("error").ValueKind, delivery.GetProperty("nextAt").ValueKind).ShouldBe((JsonValueKind.Null, JsonValueKind.Null));
        foreach (string secret in (string[])[OldSecret, NewSecret])
        {
            _service.Log.Lines.ShouldNotContain(line => line.Text.Contains(secret, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Tries_that_fail_are_repeated_under_the_same_id_with_a_signature_of_their_own()
    {
        _answer = call => call.Before < 3 ? 500 : 200;

        string path = await SubmitAsync("flaky");
        JsonElement delivery = await DeliveryAsync(path, "delivered");

        delivery.Number("attempt").ShouldBe(4);
        _receiver.All.Select(received => received.Id).ShouldBe(Enumerable.Repeat(delivery.Text("id"), 4));
        _receiver.All.ShouldAllBe(received => received.Signature == $"{received.SignatureBy(NewSecret)} {received.SignatureBy(OldSecret)}");
        _receiver.All.Select(received => Convert.ToHexString(received.Body)).Distinct().ShouldHaveSingleItem();
        JsonElement[] tries = [.. delivery.GetProperty("tries").EnumerateArray()];
        tries.Select(row => (row.Number("attempt"), row.Number("httpStatus"), row.GetProperty("error").GetString()))
            .ShouldBe([(1, 500, "httpStatus 500"), (2, 500, "httpStatus 500"), (3, 500, "httpStatus 500"), (4, 200, null)]);
        tries.Select(row => row.GetProperty("at").GetDateTimeOffset()).ShouldBeInOrder();
        tries[^1].Text("at").ShouldBe(delivery.Text("at"));
        tries.ShouldAllBe(row => row.GetProperty("durationMs").GetDouble() > 0);
    }

    [Fact]
    public async Task Receiver_that_cannot_be_reached_is_a_try_without_a_status()
    {
        string path = await _service.SubmitAsync(Batch("", _receiver.Server.Url("ok/1"), "http://127.0.0.1:1/hook"));

        // The second is begun after the first has ended.
        JsonElement row = (await WaitForAsync(path, delivery => delivery.Number("attempt") > 1)).GetProperty("tries")[0];

        (row.Text("error"), row.GetProperty("httpStatus").ValueKind).ShouldBe(("connect", JsonValueKind.Null));
    }

    [Fact]
    public async Task Deleted_job_takes_its_callback_with_it()
    {
        _answer = call =>
        {
            call.Context.Response.Headers.RetryAfter = "3600";
            return 503;
        };
        string path = await SubmitAsync("deleted");
        await TriedAsync(path, 1);

        using HttpResponseMessage deleted = await _service.Client.DeleteAsync($"/jobs/{IdOf(path)}", TestContext.Current.CancellationToken);

        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await _service.CountAsync("callbacks"), await _service.CountAsync("callback_tries")).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Tries_that_are_kept_are_the_last_fifty()
    {
        string path = await SubmitAsync("often");
        await DeliveryAsync(path, "delivered");
        await _service.DisposeAsync();
        await ExecuteAsync("update callbacks set attempt = 50");
        await StartAsync("0.0001");

        using HttpResponseMessage again = await _service.PostAsync($"/jobs/{IdOf(path)}/callbacks/redeliver", "");
        JsonElement delivery = await DeliveryAsync(path, "delivered");

        delivery.GetProperty("tries").EnumerateArray().Select(row => row.Number("attempt")).ShouldBe([51]);
    }

    [Fact]
    public async Task Retried_fetch_tells_of_its_end_too()
    {
        string path = await _service.SubmitAsync(Batch("retried", _receiver.Server.Url("status/404")));
        await DeliveryAsync(path, "delivered");

        using HttpResponseMessage answer = await _service.PostAsync($"{path}/retry", "");
        string retry = answer.Headers.Location!.ToString();
        await DeliveryAsync(retry, "delivered");

        _receiver.All.Select(received => received.Path).ShouldBe(["/hook/retried", "/hook/retried"]);
        _receiver.All.Select(received => received.Json.At("data.id").GetString()).ShouldBe([IdOf(path), IdOf(retry)]);
        _receiver.All.Select(received => received.Id).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task Tries_are_given_up_after_the_last()
    {
        _answer = _ => 500;
        await _service.DisposeAsync();
        await StartAsync("0.000001");

        string path = await SubmitAsync("never");
        JsonElement delivery = await DeliveryAsync(path, "failed");

        (delivery.Number("attempt"), delivery.Text("error")).ShouldBe((10, "httpStatus 500"));
        delivery.GetProperty("nextAt").ValueKind.ShouldBe(JsonValueKind.Null);
        _receiver.All.Count.ShouldBe(10);
    }

    [Fact]
    public async Task Gone_receiver_is_not_tried_again()
    {
        _answer = _ => 410;

        JsonElement delivery = await DeliveryAsync(await SubmitAsync("gone"), "failed");

        (delivery.Number("attempt"), delivery.Text("error")).ShouldBe((1, "httpStatus 410"));
    }

    [Fact]
    public async Task Redirect_is_a_failure_and_is_not_followed()
    {
        _answer = call =>
        {
            call.Context.Response.Headers.Location = _receiver.Url("elsewhere");
            return call.Before == 0 ? 307 : 410;
        };

        JsonElement delivery = await DeliveryAsync(await SubmitAsync("moved"), "failed");

        delivery.Number("attempt").ShouldBe(2);
        _receiver.All.ShouldAllBe(received => received.Path == "/hook/moved");
    }

    [Fact]
    public async Task Receiver_that_asks_for_time_gets_it()
    {
        _answer = call =>
        {
            call.Context.Response.Headers.RetryAfter = "3600";
            return 503;
        };

        string path = await SubmitAsync("later");
        JsonElement delivery = await TriedAsync(path, 1);

        (delivery.GetProperty("nextAt").GetDateTimeOffset() - delivery.GetProperty("at").GetDateTimeOffset())
            .ShouldBeInRange(TimeSpan.FromSeconds(3600), TimeSpan.FromSeconds(3700));
        (delivery.Text("status"), delivery.Text("error")).ShouldBe(("pending", "httpStatus 503"));
    }

    [Fact]
    public async Task Cancelled_job_tells_its_end_too()
    {
        string path = await _service.SubmitAsync(Batch("cancelled", _receiver.Server.Url("delay/60000")));
        await Eventually.Until(() => _receiver.Server.Running == 1);

        using HttpResponseMessage cancelled = await _service.PostAsync($"/jobs/{IdOf(path)}/cancel", "");
        await DeliveryAsync(path, "delivered");

        _receiver.All.ShouldHaveSingleItem().Json.Text("type").ShouldBe("fetch.cancelled");
    }

    [Fact]
    public async Task Job_that_took_its_process_down_too_often_tells_its_end_too()
    {
        string path = await _service.SubmitAsync(Batch("died", _receiver.Server.Url("delay/60000")));
        await Eventually.Until(() => _receiver.Server.Running == 1);
        await _service.DisposeAsync();
        await ExecuteAsync("update jobs set status = 'running', crashes = 3, owner = '019AA0F3-5A5C-7C7E-8F65-0D9BD2F7A001'");

        await StartAsync("0.0001");
        await DeliveryAsync(path, "delivered");

        _receiver.All.ShouldHaveSingleItem().Json.Text("type").ShouldBe("fetch.failed");
    }

    [Fact]
    public async Task Restart_repeats_no_try_early_and_forgets_none()
    {
        _answer = call => call.Before == 0 ? 500 : 200;
        await _service.DisposeAsync();
        await StartAsync("0.4");
        string path = await SubmitAsync("restarted");
        DateTimeOffset due = (await TriedAsync(path, 1)).GetProperty("nextAt").GetDateTimeOffset();

        await _service.DisposeAsync();
        await StartAsync("0.4");
        JsonElement delivery = await DeliveryAsync(path, "delivered");

        delivery.Number("attempt").ShouldBe(2);
        delivery.GetProperty("at").GetDateTimeOffset().ShouldBeGreaterThanOrEqualTo(due);
        _receiver.All.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Receiver_that_hangs_holds_up_nobody_else()
    {
        await using TargetServer hanging = await TargetServer.StartAsync(address: IPAddress.Parse("127.0.0.2"));
        for (int i = 0; i < 40; i++)
        {
            await _service.SubmitAsync(Batch("", _receiver.Server.Url("ok/1"), hanging.Url("delay/60000")));
        }

        await Eventually.Until(() => hanging.Running == 10);
        string path = await SubmitAsync("quick");

        await DeliveryAsync(path, "delivered");
        hanging.Running.ShouldBe(10);
    }

    [Fact]
    public async Task Callback_is_sent_again_on_request_under_the_same_id()
    {
        _answer = call => call.Before == 0 ? 410 : 200;
        string path = await SubmitAsync("again");
        await DeliveryAsync(path, "failed");

        using HttpResponseMessage answer = await _service.PostAsync($"/jobs/{IdOf(path)}/callbacks/redeliver", "");
        JsonElement delivery = await DeliveryAsync(path, "delivered");

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await answer.JsonAsync()).GetProperty("items")[0].Text("status").ShouldBe("pending");
        delivery.Number("attempt").ShouldBe(2);
        delivery.GetProperty("tries").EnumerateArray().Select(row => row.Number("httpStatus")).ShouldBe([410, 200]);
        _receiver.All.Select(received => received.Id).Distinct().ShouldBe([delivery.Text("id")]);
    }

    [Fact]
    public async Task Job_without_a_callback_has_none_and_sends_none()
    {
        string path = await _service.SubmitAsync(ServiceCalls.Batch([_receiver.Server.Url("ok/1")]));
        await _service.OverAsync(path);

        JsonElement list = await _service.JsonAsync($"/jobs/{IdOf(path)}/callbacks");
        using HttpResponseMessage again = await _service.PostAsync($"/jobs/{IdOf(path)}/callbacks/redeliver", "");
        using HttpResponseMessage unknown = await _service.GetAsync("/jobs/019aa0f3-5a5c-7c7e-8f65-0d9bd2f7a001/callbacks");
        using HttpResponseMessage malformed = await _service.PostAsync("/jobs/1/callbacks/redeliver", "");

        list.ShouldBeJson("""{"items":[]}""");
        await again.ShouldBeProblemAsync(ProblemTypes.Conflict);
        await unknown.ShouldBeProblemAsync(ProblemTypes.NotFound);
        await malformed.ShouldBeProblemAsync(ProblemTypes.NotFound);
    }

    [Fact]
    public async Task Line_forms_name_their_callback_in_the_query()
    {
        string query = $"?callback.url={Uri.EscapeDataString(_receiver.Url("lines"))}";
        string path = await _service.SubmitAsync(_receiver.Server.Url("ok/1"), "text/uri-list", query);

        await DeliveryAsync(path, "delivered");
    }

    [Theory]
    [InlineData("http://10.0.0.1/hook")]
    [InlineData("ftp://example.com/hook")]
    [InlineData("http://user:secret@example.com/hook")]
    [InlineData("hook")]
    public async Task Address_that_cannot_be_called_is_refused_at_submit(string url)
    {
        using HttpResponseMessage answer = await _service.PostAsync(
            "/fetches", ServiceCalls.Batch(["http://example.com/"], more: $$""","callback":{"url":"{{url}}"}"""));

        (await answer.ShouldBeFaultsAsync()).ShouldHaveSingleItem().ShouldStartWith("callback.url: ");
    }

    [Fact]
    public async Task Service_without_a_secret_takes_no_callback()
    {
        await using ServiceUnderTest bare = await ServiceUnderTest.StartAsync(("Environment", "Production"));

        using HttpResponseMessage answer = await bare.PostAsync("/fetches", Batch("unsigned", _receiver.Server.Url("ok/1")));

        (await answer.ShouldBeFaultsAsync()).ShouldHaveSingleItem().ShouldContain("Callbacks:Secrets");
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static string IdOf(string path) => path["/fetches/".Length..];

    /// <summary>While the service does not run.</summary>
    private async Task ExecuteAsync(string sql)
    {
        await using SqliteConnection connection = new($"Data Source={Path.Combine(_folder.Path, "asyncapi.db")};Pooling=False");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own constant.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private async Task StartAsync(string scale) => _service = await ServiceUnderTest.StartInAsync(
        _folder.Path, ("Callbacks:Scale", scale), ("Callbacks:Secrets:0", NewSecret), ("Callbacks:Secrets:1", OldSecret));

    private Task<string> SubmitAsync(string name) => _service.SubmitAsync(Batch(name, _receiver.Server.Url("ok/1")));

    private string Batch(string name, string url, string? hook = null) =>
        ServiceCalls.Batch([url], more: $$""","callback":{"url":"{{hook ?? _receiver.Url(name)}}"}""");

    private async Task<JsonElement> DeliveryAsync(string path, string status) =>
        await WaitForAsync(path, delivery => delivery.Text("status") == status);

    /// <summary>After a try whose end is written down.</summary>
    private async Task<JsonElement> TriedAsync(string path, int attempts) => await WaitForAsync(
        path, delivery => delivery.Number("attempt") == attempts && !delivery.Text("error").StartsWith("Nothing", StringComparison.Ordinal));

    private async Task<JsonElement> WaitForAsync(string path, Func<JsonElement, bool> condition)
    {
        JsonElement found = default;
        await Eventually.Until(async () =>
        {
            JsonElement items = (await _service.JsonAsync($"/jobs/{IdOf(path)}/callbacks")).GetProperty("items");
            found = items.GetArrayLength() == 0 ? default : items[0];
            return found.ValueKind == JsonValueKind.Object && condition(found);
        });
        return found;
    }

    private sealed record Call(HttpContext Context, int Before);
}
