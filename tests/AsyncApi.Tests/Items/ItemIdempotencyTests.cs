using System.Net;
using System.Text.Json;
using AsyncApi.Http.Problems;
using AsyncApi.Tests.Fetches;
using AsyncApi.Tests.Http;

namespace AsyncApi.Tests.Items;

/// <summary>Keys of requests that make items and users.</summary>
public sealed class ItemIdempotencyTests : IAsyncLifetime
{
    private ServiceUnderTest _service = null!;

    public async ValueTask InitializeAsync() => _service = await ServiceUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Theory]
    [InlineData("/items", """{"data":"some data"}""", """{"data":"other data"}""", 202)]
    [InlineData("/users", """{"name":"A","email":"a@example.com"}""", """{"name":"B","email":"b@example.com"}""", 201)]
    public async Task Same_request_again_gets_the_first_answer_and_makes_nothing(string path, string body, string other, int status)
    {
        using HttpResponseMessage first = await PostAsync(path, body);
        using HttpResponseMessage again = await PostAsync(path, body);
        using HttpResponseMessage reused = await PostAsync(path, other);

        ((int)first.StatusCode, (int)again.StatusCode).ShouldBe((status, status));
        again.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
        again.Headers.Location.ShouldBe(first.Headers.Location);
        again.Headers.ETag.ShouldBe(first.Headers.ETag);
        (await TextAsync(again)).ShouldBe(await TextAsync(first));
        await reused.ShouldBeProblemAsync(ProblemTypes.IdempotencyKeyReused);
        (await _service.CountAsync(path[1..])).ShouldBe(1);
    }

    [Fact]
    public async Task Address_that_is_taken_keeps_nothing_for_its_key()
    {
        using HttpResponseMessage john = await _service.PostAsync("/users", """{"name":"John","email":"john@example.com"}""");

        using HttpResponseMessage refused = await PostAsync("/users", """{"name":"Jane","email":"John@example.com"}""");
        using HttpResponseMessage deleted = await _service.DeleteAsync("/users/1");
        using HttpResponseMessage taken = await PostAsync("/users", """{"name":"Jane","email":"John@example.com"}""");

        await refused.ShouldBeProblemAsync(ProblemTypes.Conflict);
        taken.StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Of_many_at_once_one_makes_the_item()
    {
        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => PostAsync("/items", """{"data":"some data"}""")));

        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.Accepted || answer.StatusCode == HttpStatusCode.Conflict);
        JsonElement page = await _service.JsonAsync("/items");
        page.GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Task<string> TextAsync(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(Token);

    private Task<HttpResponseMessage> PostAsync(string path, string body) => _service.PostAsync(path, body, headers: ("Idempotency-Key", "key"));
}
