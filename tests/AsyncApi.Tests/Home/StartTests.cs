using AsyncApi.TestSupport;

namespace AsyncApi.Tests.Home;

/// <summary>What the program says when it starts, and when it does not: as a process, since that is what an operator sees.</summary>
public sealed class StartTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<string, string, string> BadSettings => new()
    {
        { "Jobs:MaxQeued", "5", "MaxQeued" },
        { "Storage:Pfad", "x", "Pfad" },
        { "Jobs:MaxRunning", "0", "MaxRunning" },
        { "Jobs:MaxQueued", "many", "Jobs:MaxQueued" },
        { "Shutdown:DrainSeconds", "61", "DrainSeconds" },
        { "Fetch:AllowedNetworks:0", "10.0.0.0/99", "Fetch:AllowedNetworks" },
        { "Fetch:AllowedPorts:0", "80-", "Fetch:AllowedPorts" },
        { "Files:MaxBytes", "20000000000", "Files:MaxBytes (20000000000) must not be over Files:QuotaBytes (10737418240)." },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(BadSettings))]
    public async Task Setting_that_is_misspelt_or_out_of_range_stops_the_start_and_is_named(string key, string value, string named)
    {
        (int exitCode, string output) = await ServiceProcess.RunToExitAsync(_folder.Path, new Dictionary<string, string> { [key] = value });

        exitCode.ShouldBe(1, output);
        output.ShouldContain("AsyncApi cannot start: ");
        output.ShouldContain(named);
        output.ShouldNotContain("   at ", Case.Sensitive, output);
    }

    [Fact]
    public async Task Listening_for_everybody_without_a_key_stops_the_start()
    {
        (int exitCode, string output) = await ServiceProcess.RunToExitAsync(_folder.Path, new Dictionary<string, string> { ["Urls"] = "http://0.0.0.0:0" });

        exitCode.ShouldBe(1, output);
        output.ShouldContain("Auth:AllowAnonymous=true");
    }

    [Fact]
    public async Task Start_says_address_folder_and_effective_settings_and_a_second_one_is_refused()
    {
        await using ServiceProcess service = await ServiceProcess.StartAsync(_folder.Path, new Dictionary<string, string> { ["Fetch:MaxConcurrency"] = "321" });

        (int exitCode, string refused) = await ServiceProcess.RunToExitAsync(_folder.Path);

        await Eventually.Until(() => service.Output.Contains($"Listening on {service.Address.GetLeftPart(UriPartial.Authority)}"));
        service.Output.ShouldContain($"Data folder: {_folder.Path}");
        service.Output.ShouldContain("Fetch:MaxConcurrency = 321");
        service.Output.ShouldContain("Jobs:MaxQueued = 10000");
        exitCode.ShouldBe(1);
        refused.ShouldContain($"{_folder.Path} is in use by another process");
        (await service.StopAsync()).ShouldBe(0);
    }
}
