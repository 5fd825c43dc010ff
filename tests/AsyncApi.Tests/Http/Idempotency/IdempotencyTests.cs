using System.Net;
using System.Net.Sockets;
using System.Text;
using AsyncApi.Http.Problems;
using AsyncApi.Tests.Fetches;
using AsyncApi.TestSupport;

namespace AsyncApi.Tests.Http.Idempotency;

public class IdempotencyTests(ServiceWithTarget both) : IClassFixture<ServiceWithTarget>
{
    private readonly ServiceUnderTest _service = both.Service;
    private readonly string _batch = ServiceCalls.Batch([both.Target.Url("ok/1")]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Same_request_again_gets_the_first_answer_byte_by_byte()
    {
        string key = NewKey();
        using HttpResponseMessage first = await PostAsync(key, _batch);
        string body = await first.Content.ReadAsStringAsync(Token);
        await _service.OverAsync(first.Headers.Location!.ToString());

        using HttpResponseMessage again = await PostAsync(key, _batch);

        first.Headers.Contains("Idempotency-Replayed").ShouldBeFalse();
        again.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        again.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
        again.Headers.Location.ShouldBe(first.Headers.Location);
        again.Content.Headers.ContentType.ShouldBe(first.Content.Headers.ContentType);
        (await again.Content.ReadAsStringAsync(Token)).ShouldBe(body);
    }

    [Fact]
    public async Task Key_outlives_a_restart()
    {
        using TempFolder folder = new();
        string location;
        await using (ServiceUnderTest before = await ServiceUnderTest.StartInAsync(folder.Path))
            location = await before.SubmitAsync(_batch, headers: ("Idempotency-Key", "k"));

        await using ServiceUnderTest after = await ServiceUnderTest.StartInAsync(folder.Path);
        using HttpResponseMessage again = await after.PostAsync("/fetches", _batch, headers: ("Idempotency-Key", "k"));

        again.Headers.Location!.ToString().ShouldBe(location);
        (await after.CountAsync("jobs")).ShouldBe(1);
    }

    [Theory]
    [InlineData("", "application/json", "{\"urls\":[\"http://other.example/\"]}")]
    [InlineData("?onDisconnect=cancel", "application/json", null)]
    [InlineData("", "application/json; charset=utf-8", null)]
    [InlineData("", "text/uri-list", "http://other.example/")]
    public async Task Same_key_for_another_request_is_422(string query, string contentType, string? body)
    {
        string key = NewKey();
        using HttpResponseMessage first = await PostAsync(key, _batch);

        using HttpResponseMessage other = await _service.PostAsync("/fetches" + query, body ?? _batch, contentType, ("Idempotency-Key", key));

        await other.ShouldBeProblemAsync(ProblemTypes.IdempotencyKeyReused);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("\u00e9")]
    public Task Unreadable_key_is_400(string key) => ShouldBeRefusedAsync(key);

    [Fact]
    public Task Key_of_256_characters_is_400() => ShouldBeRefusedAsync(new string('k', 256));

    [Fact]
    public async Task Key_of_255_characters_is_taken()
    {
        using HttpResponseMessage answer = await PostAsync(NewKey().PadRight(255, '~'), _batch);

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Refused_request_keeps_nothing()
    {
        string key = NewKey();
        using HttpResponseMessage refused = await PostAsync(key, "{\"urls\":[\"ftp://example.com/\"]}");
        await refused.ShouldBeProblemAsync(ProblemTypes.Validation);

        using HttpResponseMessage mended = await PostAsync(key, _batch);

        mended.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        mended.Headers.Contains("Idempotency-Replayed").ShouldBeFalse();
    }

    [Fact]
    public async Task Twin_of_a_request_that_still_arrives_is_409_and_later_gets_its_answer()
    {
        string key = NewKey();
        string head = $"POST /fetches HTTP/1.1\r\nHost: {_service.Address.Authority}\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {_batch.Length}\r\nIdempotency-Key: {key}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n";
        using TcpClient first = new();
        await first.ConnectAsync(_service.Address.Host, _service.Address.Port, Token);
        NetworkStream stream = first.GetStream();
        using StreamReader reader = new(stream);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), Token);
        // Sent when the handler asks for the body: by then the key is this request's.
        string? goOn = await reader.ReadLineAsync(Token);

        using HttpResponseMessage twin = await PostAsync(key, "{}");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(_batch), Token);
        string answer = await reader.ReadToEndAsync(Token);
        using HttpResponseMessage again = await PostAsync(key, _batch);

        goOn.ShouldBe("HTTP/1.1 100 Continue");
        twin.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        await twin.ShouldBeProblemAsync(ProblemTypes.IdempotencyInProgress);
        answer.TrimStart().ShouldStartWith("HTTP/1.1 202");
        answer.ShouldContain(again.Headers.Location!.ToString());
    }

    [Fact]
    public async Task Long_list_is_hashed_while_it_is_read()
    {
        string key = NewKey();
        string lines = ServiceCalls.Lines(20_000, i => $"http://one.example/{i}").ToString();
        string location = await _service.SubmitAsync(lines, "text/uri-list", headers: ("Idempotency-Key", key));

        using HttpResponseMessage again = await _service.PostAsync("/fetches", lines, "text/uri-list", ("Idempotency-Key", key));
        using HttpResponseMessage other = await _service.PostAsync("/fetches", lines + "#", "text/uri-list", ("Idempotency-Key", key));

        again.Headers.Location!.ToString().ShouldBe(location);
        await other.ShouldBeProblemAsync(ProblemTypes.IdempotencyKeyReused);
        using HttpResponseMessage cancelled = await _service.PostAsync(location.Replace("fetches", "jobs", StringComparison.Ordinal) + "/cancel", "");
    }

    [Fact]
    public async Task Waited_for_answer_is_replayed_as_its_202()
    {
        string key = NewKey();
        using HttpResponseMessage first = await _service.PostAsync("/fetches", _batch, headers: [("Idempotency-Key", key), ("Prefer", "wait=60")]);

        using HttpResponseMessage again = await PostAsync(key, _batch);

        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        again.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        again.Headers.Location.ShouldBe(first.Headers.Location);
    }

    [Fact]
    public async Task Streamed_answer_is_replayed_as_the_same_stream()
    {
        (string, string)[] headers = [("Idempotency-Key", NewKey()), ("Accept", "application/x-ndjson")];
        using HttpResponseMessage first = await _service.PostAsync("/fetches", _batch, headers: headers);
        string results = await first.Content.ReadAsStringAsync(Token);

        using HttpResponseMessage again = await _service.PostAsync("/fetches", _batch, headers: headers);

        again.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
        again.Headers.GetValues("X-Fetch-Id").ShouldBe(first.Headers.GetValues("X-Fetch-Id"));
        results.ShouldContain("\"end\":true");
        (await again.Content.ReadAsStringAsync(Token)).ShouldBe(results);
    }

    [Fact]
    public async Task Hundred_posts_at_once_make_one_job_in_two_hundred_rounds()
    {
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(("Jobs:MaxRunning", "1"));
        string held = ServiceCalls.Batch([both.Target.Url("delay/60000")]);
        for (int round = 1; round <= 200; round++)
        {
            (string, string) key = ("Idempotency-Key", $"round-{round}");

            string?[] locations = await Task.WhenAll(Enumerable.Range(0, 100).Select(async _ =>
            {
                using HttpResponseMessage answer = await service.PostAsync("/fetches", held, headers: key);
                answer.StatusCode.ShouldBeOneOf(HttpStatusCode.Accepted, HttpStatusCode.Conflict);
                return answer.Headers.Location?.ToString();
            }));

            locations.OfType<string>().Distinct().ShouldHaveSingleItem();
            (await service.CountAsync("jobs")).ShouldBe(round);
        }
    }

    private static string NewKey() => Guid.NewGuid().ToString();

    private Task<HttpResponseMessage> PostAsync(string key, string body) => _service.PostAsync("/fetches", body, headers: ("Idempotency-Key", key));

    private async Task ShouldBeRefusedAsync(string key)
    {
        using HttpResponseMessage answer = await PostAsync(key, _batch);

        (await answer.ShouldBeFaultsAsync()).ShouldHaveSingleItem().ShouldStartWith("Idempotency-Key: must stand once");
    }
}
