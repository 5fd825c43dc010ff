using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using AsyncApi.TestSupport;

namespace AsyncApi.CrashTests;

/// <summary>Who wanted to be told of a job's end is told, whenever a process is killed.</summary>
[Collection(Lane.Waiting)]
public sealed class CallbackKillTests(ITestOutputHelper output)
{
    private const int Clients = 16;
    private const int HostConcurrency = 50;

    private static readonly int Jobs =
        int.TryParse(Environment.GetEnvironmentVariable("CALLBACKS_TOLD"), NumberStyles.None, CultureInfo.InvariantCulture, out int jobs) ? jobs : 300;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Callbacks_ofAProcessKilledTwice_areAllHeard()
    {
        const int Kills = 2;
        await using CallbackReceiver receiver = await CallbackReceiver.StartAsync();
        await using RestartableService service = await RestartableService.StartAsync(settings: CallbackReceiver.Settings(HostConcurrency));

        await ForEachAsync(Jobs, i => SubmitAsync(service.Client, receiver, i));
        await Eventually.Until(() => receiver.Calls > Jobs, Patience);
        await service.KillAsync();
        await service.StartAgainAsync();
        await Eventually.Until(() => receiver.Heard > Jobs / 2, Patience);
        await service.KillAsync();
        await service.StartAgainAsync();
        await Eventually.Until(async () => await StoredData.CountAsync(service.DataFolder, "callbacks where status = 'delivered'") == Jobs, Patience);

        await ShouldBeHeardAsync(receiver, Jobs, Kills);
    }

    [Fact]
    public async Task Callbacks_ofTwoProcessesKilledByTurns_areAllHeard()
    {
        const int Kills = 3;
        int jobs = Jobs / 2;
        await using CallbackReceiver receiver = await CallbackReceiver.StartAsync();
        await using TwoServices both = await TwoServices.CreateAsync();
        await using RestartableService first = await both.StartRestartableAsync(CallbackReceiver.Settings(HostConcurrency));
        await using RestartableService second = await both.StartRestartableAsync(CallbackReceiver.Settings(HostConcurrency));
        RestartableService[] services = [first, second];

        // Told once, so that no job is left that a killed process would keep for half a minute: what is killed are callbacks alone.
        string[] ids = await ForEachAsync(jobs, i => SubmitAsync(services[i % 2].Client, receiver, i));
        await DeliveredAsync(both, jobs);
        receiver.ForgetTries();
        await ForEachAsync(jobs, i => SendAgainAsync(services[i % 2].Client, ids[i]));
        for (int kill = 0; kill < Kills; kill++)
        {
            // In the middle of the first tries, the second, the third.
            int moment = (kill * jobs) + (jobs / 2);
            await Eventually.Until(() => receiver.TriesInAll >= moment, Patience);
            output.WriteLine($"kill {kill + 1}: {receiver.TriesInAll} tries, {receiver.Heard} of {jobs} heard");
            await services[kill % 2].KillAsync();
            await services[kill % 2].StartAgainAsync();
        }

        await DeliveredAsync(both, jobs);
        await ShouldBeHeardAsync(receiver, jobs, Kills);
        // Each is in the log before it is made.
        (await both.CountAsync("callback_tries")).ShouldBeGreaterThanOrEqualTo(receiver.Calls);
    }

    private static async Task DeliveredAsync(TwoServices both, int jobs) => await Eventually.Until(
        async () => await both.CountAsync("callbacks where status = 'delivered'") == jobs, Patience, "all callbacks are delivered");

    private async Task ShouldBeHeardAsync(CallbackReceiver receiver, int jobs, int kills)
    {
        output.WriteLine($"{jobs} callbacks, {receiver.Calls} calls");
        await receiver.ShouldHaveHeardAllAsync(jobs);
        // A call that was answered, and whose answer a kill took, came once more; no other did.
        receiver.TriesInAll.ShouldBeLessThanOrEqualTo((jobs * (CallbackReceiver.Failures + 1)) + (kills * HostConcurrency));
    }

    private static async Task<string> SubmitAsync(HttpClient client, CallbackReceiver receiver, int i)
    {
        using HttpResponseMessage answer = await client.PostAsJsonAsync("/fetches", receiver.FetchOf(i), Token);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        return answer.Headers.Location!.OriginalString["/fetches/".Length..];
    }

    private static async Task<string> SendAgainAsync(HttpClient client, string job)
    {
        using HttpResponseMessage answer = await client.PostAsync(new Uri($"/jobs/{job}/callbacks/redeliver", UriKind.Relative), null, Token);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        return job;
    }

    private static async Task<string[]> ForEachAsync(int jobs, Func<int, Task<string>> call)
    {
        string[] answers = new string[jobs];
        await Parallel.ForAsync(
            0, jobs, new ParallelOptions { MaxDegreeOfParallelism = Clients, CancellationToken = Token }, async (i, _) => answers[i] = await call(i));
        return answers;
    }
}
