using System.Net;
using System.Net.Sockets;
using System.Text;
using AsyncApi.Http.Problems;
using AsyncApi.Tests.Http;
using AsyncApi.TestSupport;

namespace AsyncApi.Tests.Fetches;

public sealed class SubmissionLimitTests : IAsyncLifetime
{
    private const string UriList = "text/uri-list";
    private const string Ndjson = "application/x-ndjson";

    // Refused at submission, so that nothing runs; recorded where the test needs it to be taken.
    private const string Blocked = "http://10.0.0.1/";
    private const string Public = "http://192.0.2.1.example/";

    private ServiceUnderTest _service = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _service = await ServiceUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Json_list_over_a_hundred_thousand_is_refused_and_told_the_way()
    {
        using HttpResponseMessage answer = await _service.PostAsync("/fetches", ServiceCalls.Batch(Enumerable.Repeat(Public, 100_001)));

        (await answer.ShouldBeFaultsAsync()).ShouldBe(
            ["requests: urls and requests together must hold at most 100000, were 100001; more go as text/uri-list or application/x-ndjson, or in a file by urlsFrom"]);
        (await _service.CountStoredAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Json_list_of_a_hundred_thousand_is_taken()
    {
        string path = await _service.SubmitAsync(ServiceCalls.Batch(Enumerable.Repeat(Blocked, 100_000), """{"onInvalid":"record"}"""));

        (await _service.JsonAsync(path)).At("counts.total").GetInt32().ShouldBe(100_000);
        (await _service.OverAsync(path)).At("counts.failed").GetInt32().ShouldBe(100_000);
    }

    [Fact]
    public async Task Json_body_over_its_limit_is_413()
    {
        using HttpResponseMessage answer = await _service.PostAsync("/fetches", new ByteArrayContent(new byte[(64 * 1024 * 1024) + 1]), "application/json", ServiceCalls.AskingFirst);

        await answer.ShouldBeProblemAsync(ProblemTypes.PayloadTooLarge);
    }

    [Fact]
    public async Task One_bad_line_at_the_end_of_many_refuses_all_and_leaves_nothing()
    {
        string body = ServiceCalls.Lines(50_000, i => i == 49_999 ? "{\"url\":\"ftp://example.com/\"}" : $"\"{Public}{i}\"").ToString();

        using HttpResponseMessage answer = await _service.PostAsync("/fetches", body, Ndjson);

        (await answer.ShouldBeFaultsAsync()).ShouldHaveSingleItem().ShouldStartWith("line 50000: ");
        (await _service.CountStoredAsync()).ShouldBe(0);
    }

    [Theory]
    [InlineData((512 * 1024) - 1, HttpStatusCode.Accepted)]
    [InlineData(512 * 1024, HttpStatusCode.Accepted)]
    [InlineData((512 * 1024) + 1, HttpStatusCode.BadRequest)]
    [InlineData(1024 * 1024, HttpStatusCode.BadRequest)]
    [InlineData(3 * 1024 * 1024, HttpStatusCode.BadRequest)]
    public async Task Line_is_taken_up_to_its_limit_however_it_arrives(int bytes, HttpStatusCode status)
    {
        string start = $"{{\"url\":\"{Blocked}\",";
        string line = start + new string(' ', bytes - start.Length - "\"tag\":\"t\"}".Length) + "\"tag\":\"t\"}";

        using HttpResponseMessage answer = await _service.PostAsync("/fetches?onInvalid=record", $"\"{Blocked}\"\n{line}\n\"{Blocked}\"\n", Ndjson);

        answer.StatusCode.ShouldBe(status, await answer.Content.ReadAsStringAsync(Token));
        if (status == HttpStatusCode.BadRequest)
            (await answer.ShouldBeFaultsAsync()).ShouldBe(["line 2: must be at most 524288 bytes long"]);
    }

    [Theory]
    [InlineData(64 * 1024, true)]
    [InlineData((64 * 1024) + 1, false)]
    public async Task Request_body_is_taken_up_to_its_limit(int bytes, bool taken)
    {
        string escaped = string.Concat(Enumerable.Repeat("\\u0041", bytes));
        string base64 = Convert.ToBase64String(new byte[bytes]);

        using HttpResponseMessage text = await _service.PostAsync("/fetches", $"{{\"url\":\"{Public}\",\"method\":\"POST\",\"body\":\"{escaped}\"}}", Ndjson);
        using HttpResponseMessage binary = await _service.PostAsync("/fetches", $"{{\"url\":\"{Public}\",\"method\":\"POST\",\"bodyBase64\":\"{base64}\"}}", Ndjson);

        text.StatusCode.ShouldBe(taken ? HttpStatusCode.Accepted : HttpStatusCode.BadRequest);
        binary.StatusCode.ShouldBe(taken ? HttpStatusCode.Accepted : HttpStatusCode.BadRequest);
        if (!taken)
        {
            (await text.ShouldBeFaultsAsync()).ShouldBe(["line 1: body may have 65536 bytes of UTF-8"]);
            (await binary.ShouldBeFaultsAsync()).ShouldBe(["line 1: bodyBase64 may have 65536 bytes, has 65537"]);
        }
    }

    [Theory]
    [InlineData(50, 10, true)]
    [InlineData(51, 10, false)]
    [InlineData(1, 8192 - 3, true)]
    [InlineData(1, 8192 - 2, false)]
    public async Task Headers_are_taken_up_to_their_number_and_size(int count, int valueLength, bool taken)
    {
        string headers = string.Join(',', Enumerable.Range(0, count).Select(i => $"\"X{i:00}\":\"{new string('v', valueLength)}\""));

        using HttpResponseMessage own = await _service.PostAsync("/fetches", $"{{\"requests\":[{{\"url\":\"{Public}\",\"headers\":{{{headers}}}}}]}}");
        using HttpResponseMessage ofAll = await _service.PostAsync("/fetches", $"{{\"urls\":[\"{Public}\"],\"options\":{{\"headers\":{{{headers}}}}}}}");

        own.StatusCode.ShouldBe(taken ? HttpStatusCode.Accepted : HttpStatusCode.BadRequest);
        ofAll.StatusCode.ShouldBe(taken ? HttpStatusCode.Accepted : HttpStatusCode.BadRequest);
        if (!taken)
        {
            (await own.ShouldBeFaultsAsync()).ShouldHaveSingleItem().ShouldStartWith("requests[0].headers: ");
            (await ofAll.ShouldBeFaultsAsync()).ShouldHaveSingleItem().ShouldStartWith("options.headers: ");
        }
    }

    [Theory]
    [InlineData(8192, true)]
    [InlineData(8193, false)]
    public async Task Url_is_taken_up_to_its_length(int length, bool taken)
    {
        using HttpResponseMessage answer = await _service.PostAsync("/fetches", Public + new string('a', length - Public.Length), UriList);

        answer.StatusCode.ShouldBe(taken ? HttpStatusCode.Accepted : HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Client_that_leaves_in_the_middle_leaves_nothing()
    {
        using TcpClient client = new();
        await client.ConnectAsync(_service.Address.Host, _service.Address.Port, Token);
        string head = $"POST /fetches HTTP/1.1\r\nHost: {_service.Address.Authority}\r\nContent-Type: {UriList}\r\nContent-Length: 100000000\r\n\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head + ServiceCalls.Lines(20_000, i => $"{Public}{i}")), Token);
        await Eventually.Until(async () => await _service.CountAsync("fetch_requests") > 0);
        using (HttpResponseMessage list = await _service.GetAsync("/fetches"))
            (await list.JsonAsync()).GetProperty("items").GetArrayLength().ShouldBe(0);

        client.Close();

        await Eventually.Until(async () => await _service.CountStoredAsync() == 0);
    }

    [Fact]
    public async Task Lines_that_dribble_in_are_taken_as_one_submission()
    {
        using TcpClient client = new() { NoDelay = true };
        await client.ConnectAsync(_service.Address.Host, _service.Address.Port, Token);
        NetworkStream stream = client.GetStream();
        string body = $"\uFEFF{Blocked}a\r\n# é\r\n{Blocked}b";
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /fetches?onInvalid=record HTTP/1.1\r\nHost: {_service.Address.Authority}\r\nContent-Type: {UriList}\r\n"
            + $"Connection: close\r\nContent-Length: {bytes.Length}\r\n\r\n"), Token);
        foreach (byte one in bytes)
            await stream.WriteAsync(new[] { one }, Token);

        using StreamReader reader = new(stream);
        string answer = await reader.ReadToEndAsync(Token);

        answer.ShouldStartWith("HTTP/1.1 202");
        (await _service.CountAsync("fetch_requests")).ShouldBe(2);
    }

    [Fact]
    public async Task Full_queue_is_503_with_retry_after_and_drops_nothing()
    {
        await using TargetServer target = await TargetServer.StartAsync();
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(("Jobs:MaxQueued", "2"), ("Jobs:MaxRunning", "1"));
        string body = ServiceCalls.Batch([target.Url("delay/60000")]);
        string first = await service.SubmitAsync(body);
        await service.SubmitAsync(body);

        using HttpResponseMessage refused = await service.PostAsync("/fetches", body);

        await refused.ShouldBeProblemAsync(ProblemTypes.QueueFull);
        refused.Headers.RetryAfter!.Delta.ShouldNotBeNull();
        (await service.CountAsync("jobs")).ShouldBe(2);
        using HttpResponseMessage cancelled = await service.PostAsync($"/jobs/{first["/fetches/".Length..]}/cancel", "");
        await service.OverAsync(first);
        await service.SubmitAsync(body);
    }
}
