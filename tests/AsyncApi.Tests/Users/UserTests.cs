using System.Net;
using System.Text.Json;
using AsyncApi.Http.Problems;
using AsyncApi.Tests.Fetches;
using AsyncApi.Tests.Http;

namespace AsyncApi.Tests.Users;

public class UserTests : IAsyncLifetime
{
    private ServiceUnderTest _service = null!;

    public async ValueTask InitializeAsync() => _service = await ServiceUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task New_user_is_answered_with_its_place_and_is_found_there()
    {
        using HttpResponseMessage added = await _service.PostAsync("/users", """{"name":"John Doe","email":"John@Example.com"}""");

        added.StatusCode.ShouldBe(HttpStatusCode.Created);
        JsonElement user = await added.JsonAsync();
        added.Headers.Location!.ToString().ShouldBe($"/users/{user.Number("id")}");
        (user.Text("name"), user.Text("email")).ShouldBe(("John Doe", "John@Example.com"));
        using HttpResponseMessage found = await _service.GetAsync(added.Headers.Location.ToString());
        (await found.JsonAsync()).ToString().ShouldBe(user.ToString());
        found.Headers.ETag.ShouldBe(added.Headers.ETag);
    }

    [Theory]
    [InlineData("john@example.com")]
    [InlineData("JOHN@EXAMPLE.COM")]
    [InlineData("jöhn@example.com", "JO\u0308HN@EXAMPLE.COM")]
    public async Task Address_in_another_case_is_a_conflict_on_adding_and_on_replacing(string first, string? second = null)
    {
        await AddAsync("One", first);
        string other = await AddAsync("Two", "two@example.com");

        using HttpResponseMessage added = await _service.PostAsync("/users", Body("Again", second ?? "jOhN@eXample.com"));
        using HttpResponseMessage replaced = await _service.PutAsync(other, Body("Two", second ?? "John@Example.com"));

        await added.ShouldBeProblemAsync(ProblemTypes.Conflict);
        await replaced.ShouldBeProblemAsync(ProblemTypes.Conflict);
        (await _service.CountAsync("users")).ShouldBe(2);
        (await _service.JsonAsync(other)).Text("email").ShouldBe("two@example.com");
    }

    [Fact]
    public async Task Of_many_at_once_with_one_address_one_is_added()
    {
        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i =>
            _service.PostAsync("/users", Body($"User {i}", i % 2 == 0 ? "same@example.com" : "SAME@example.com"))));

        answers.Count(answer => answer.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict).ShouldBe(49);
    }

    [Fact]
    public async Task Replaced_user_has_a_new_tag_and_may_keep_its_address()
    {
        string path = await AddAsync("John", "john@example.com");

        using HttpResponseMessage answer = await _service.PutAsync(path, Body("Johnny", "JOHN@example.com"), ("If-Match", "\"1\""));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.ETag!.Tag.ShouldBe("\"2\"");
        (await _service.JsonAsync(path)).Text("name").ShouldBe("Johnny");
    }

    [Fact]
    public async Task Stale_tag_changes_nothing()
    {
        string path = await AddAsync("John", "john@example.com");
        using HttpResponseMessage first = await _service.PutAsync(path, Body("Johnny", "john@example.com"), ("If-Match", "\"1\""));

        using HttpResponseMessage put = await _service.PutAsync(path, Body("Jack", "john@example.com"), ("If-Match", "\"1\""));
        using HttpResponseMessage delete = await _service.DeleteAsync(path, ("If-Match", "\"1\", W/\"2\""));
        using HttpResponseMessage create = await _service.PutAsync(path, Body("Jack", "john@example.com"), ("If-None-Match", "*"));

        await put.ShouldBeProblemAsync(ProblemTypes.PreconditionFailed);
        await delete.ShouldBeProblemAsync(ProblemTypes.PreconditionFailed);
        await create.ShouldBeProblemAsync(ProblemTypes.PreconditionFailed);
        (await _service.JsonAsync(path)).Text("name").ShouldBe("Johnny");
    }

    [Fact]
    public async Task Of_many_writers_with_one_tag_one_wins()
    {
        string path = await AddAsync("John", "john@example.com");

        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            _service.PutAsync(path, Body($"Writer {i}", "john@example.com"), ("If-Match", "\"1\""))));

        answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.PreconditionFailed).ShouldBe(19);
    }

    [Theory]
    [InlineData("\"1\"", 304)]
    [InlineData("W/\"1\"", 304)]
    [InlineData("\"7\", \"1\"", 304)]
    [InlineData("*", 304)]
    [InlineData("\"2\"", 200)]
    public async Task Known_version_is_not_sent_again(string tag, int status)
    {
        string path = await AddAsync("John", "john@example.com");

        using HttpResponseMessage answer = await _service.GetAsync(path, ("If-None-Match", tag));

        ((int)answer.StatusCode).ShouldBe(status);
        answer.Headers.ETag!.Tag.ShouldBe("\"1\"");
        (await answer.Content.ReadAsByteArrayAsync(Token)).Length.ShouldBe(status == 304 ? 0 : (int)answer.Content.Headers.ContentLength.GetValueOrDefault());
    }

    [Theory]
    [InlineData("1")]
    [InlineData("\"1")]
    [InlineData("\"1\" \"2\"")]
    public async Task Tag_that_cannot_be_read_is_a_fault_and_changes_nothing(string tag)
    {
        string path = await AddAsync("John", "john@example.com");

        using HttpResponseMessage answer = await _service.DeleteAsync(path, ("If-Match", tag));

        (await answer.ShouldBeFaultsAsync()).ShouldHaveSingleItem().ShouldStartWith("If-Match: must be * or a list");
        (await _service.CountAsync("users")).ShouldBe(1);
    }

    [Fact]
    public async Task Deleted_user_is_gone_and_its_number_is_not_given_again()
    {
        string path = await AddAsync("John", "john@example.com");

        using HttpResponseMessage answer = await _service.DeleteAsync(path, ("If-Match", "*"));
        using HttpResponseMessage second = await _service.DeleteAsync(path, ("If-Match", "*"));

        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await second.ShouldBeProblemAsync(ProblemTypes.NotFound);
        (await AddAsync("John", "john@example.com")).ShouldNotBe(path);
    }

    [Fact]
    public async Task Pages_go_from_the_newest_to_the_oldest_while_rows_come_and_go()
    {
        string[] paths = new string[5];
        for (int i = 0; i < 5; i++)
        {
            paths[i] = await AddAsync($"User {i}", $"user{i}@example.com");
        }

        JsonElement first = await _service.JsonAsync("/users?limit=2");
        using HttpResponseMessage deleted = await _service.DeleteAsync(paths[3]);
        await AddAsync("Late", "late@example.com");
        JsonElement second = await _service.JsonAsync($"/users?limit=2&cursor={first.Text("nextCursor")}");
        JsonElement third = await _service.JsonAsync($"/users?limit=2&cursor={second.Text("nextCursor")}");

        Names(first).Concat(Names(second)).Concat(Names(third)).ShouldBe(["User 4", "User 3", "User 2", "User 1", "User 0"]);
        third.GetProperty("nextCursor").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory]
    [InlineData("""{}""", "name: is required", "email: is required")]
    [InlineData("""{"name":"","email":"a@b.example"}""", "name: must have at least 1 characters")]
    [InlineData("""{"name":"  ","email":"a@b.example"}""", "name: must not be blank")]
    [InlineData("""{"name":"A","email":"nobody"}""", "email: must be an e-mail address")]
    [InlineData("""{"name":"A","email":"a@b@c"}""", "email: must be an e-mail address")]
    [InlineData("""{"name":"A","email":"a @b.example"}""", "email: must be an e-mail address")]
    [InlineData("""{"name":"A","email":"@b.example"}""", "email: must be an e-mail address")]
    [InlineData("""{"name":"A","email":"a@b..example"}""", "email: must be an e-mail address")]
    [InlineData("""{"name":"A","email":"a@b.example","id":7}""", "id: unknown member")]
    [InlineData("""{"name":7,"email":null}""", "name: must be a string", "email: must not be null")]
    public async Task Every_fault_of_a_user_is_named(string body, params string[] faults)
    {
        using HttpResponseMessage answer = await _service.PostAsync("/users", body);

        string[] found = await answer.ShouldBeFaultsAsync();
        found.Length.ShouldBe(faults.Length);
        foreach ((int i, string fault) in faults.Index())
        {
            found[i].ShouldStartWith(fault);
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("01")]
    [InlineData("1.0")]
    [InlineData("x")]
    [InlineData("99999999999999999999")]
    [InlineData("9223372036854775807")]
    public async Task Malformed_or_unknown_number_is_not_found(string id)
    {
        await AddAsync("John", "john@example.com");

        using HttpResponseMessage get = await _service.GetAsync($"/users/{id}");
        using HttpResponseMessage put = await _service.PutAsync($"/users/{id}", Body("A", "a@example.com"));
        using HttpResponseMessage delete = await _service.DeleteAsync($"/users/{id}");

        await get.ShouldBeProblemAsync(ProblemTypes.NotFound);
        await put.ShouldBeProblemAsync(ProblemTypes.NotFound);
        await delete.ShouldBeProblemAsync(ProblemTypes.NotFound);
    }

    [Fact]
    public async Task Users_are_there_after_a_restart()
    {
        using TestSupport.TempFolder folder = new();
        await using (ServiceUnderTest before = await ServiceUnderTest.StartInAsync(folder.Path))
        {
            using HttpResponseMessage added = await before.PostAsync("/users", Body("John", "john@example.com"));
        }

        await using ServiceUnderTest again = await ServiceUnderTest.StartInAsync(folder.Path);

        (await again.JsonAsync("/users/1")).Text("name").ShouldBe("John");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string Body(string name, string email) => JsonSerializer.Serialize(new { name, email });

    private static IEnumerable<string> Names(JsonElement page) => page.GetProperty("items").EnumerateArray().Select(user => user.Text("name"));

    private async Task<string> AddAsync(string name, string email)
    {
        using HttpResponseMessage answer = await _service.PostAsync("/users", Body(name, email));
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        return answer.Headers.Location!.ToString();
    }
}
