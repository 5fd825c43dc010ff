using AsyncApi.Tests.Fetches;
using AsyncApi.TestSupport;
using Npgsql;

namespace AsyncApi.Tests.Storage;

/// <summary>Word from another process makes a start quick; without it the poll starts the job all the same.</summary>
public sealed class LostListenerTests
{
    private const string Listener = "Listener";

    // The poll is so slow here that a start before it can only come by word.
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ByWord = TimeSpan.FromSeconds(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Job_whose_news_nobody_heard_starts_once_the_listener_is_back_and_the_next_one_by_word()
    {
        string connection = await SharedPostgreSql.CreateDatabaseAsync();
        await using TargetServer target = await TargetServer.StartAsync();
        await using ServiceUnderTest busy = await StartAsync(connection, ("Jobs:MaxRunning", "1"));
        await busy.SubmitAsync(ServiceCalls.Batch([target.Url("delay/60000")]));
        await Eventually.Until(() => target.Running == 1);
        await using ServiceUnderTest free = await StartAsync(connection + $";Application Name={Listener}");
        await StartsByWordAsync(busy, target, "before");

        await CutAsync(connection);
        await StartsByWordAsync(busy, target, "cut");
        await StartsByWordAsync(busy, target, "after");
    }

    private static Task<ServiceUnderTest> StartAsync(string connection, params (string, string)[] settings) => ServiceUnderTest.StartAsync(
        [("Storage:Provider", "PostgreSql"), ("Storage:ConnectionString", connection), ("Storage:ServerPatienceSeconds", "20"),
            ("Jobs:PollSeconds", $"{Poll.TotalSeconds}"), .. settings]);

    private static async Task StartsByWordAsync(ServiceUnderTest busy, TargetServer target, string name)
    {
        await busy.SubmitAsync(ServiceCalls.Batch([target.Url($"ok/{name}")]));
        await Eventually.Until(() => target.Hits($"/ok/{name}") == 1, ByWord);
    }

    private static async Task CutAsync(string connection)
    {
        await using NpgsqlConnection other = new(connection);
        await other.OpenAsync(Token);
        await using NpgsqlCommand cut = new(
            $"select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = '{Listener}' and query ~ '^(listen|select 0)'", other);
        (await cut.ExecuteScalarAsync(Token)).ShouldBe(1L);
    }
}
