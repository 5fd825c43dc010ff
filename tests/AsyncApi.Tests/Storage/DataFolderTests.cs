using AsyncApi.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AsyncApi.Tests.Storage;

public sealed class DataFolderTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SecondStart_onAFolderInUse_failsAtOnceAndNamesIt()
    {
        using var folder = new TemporaryFolder();
        using IHost first = CreateHost(("Storage:Path", folder.Path));
        await first.StartAsync(Token);
        using IHost second = CreateHost(("Storage:Path", folder.Path));

        Exception error = await Should.ThrowAsync<DataFolderInUseException>(second.StartAsync(Token));

        error.Message.ShouldContain(folder.Path);
        error.Message.ShouldContain("in use by another process");
        await first.StopAsync(Token);
        await ((IAsyncDisposable)first).DisposeAsync();
        await ((IAsyncDisposable)second).DisposeAsync();
    }

    [Fact]
    public async Task Folder_releasedByTheFirst_isTakenByTheNext()
    {
        using var folder = new TemporaryFolder();
        for (int i = 0; i < 2; i++)
        {
            IHost host = CreateHost(("Storage:Path", folder.File("deep/data")));
            await host.StartAsync(Token);
            Directory.Exists(host.Services.GetRequiredService<DataFolder>().Bodies).ShouldBeTrue();
            Directory.Exists(host.Services.GetRequiredService<DataFolder>().Spool).ShouldBeTrue();
            await host.StopAsync(Token);
            await ((IAsyncDisposable)host).DisposeAsync();
        }
    }

    [Theory]
    [InlineData("Storage:Readers", "0", "Readers")]
    [InlineData("Storage:Path", "", "Path")]
    [InlineData("Storage:Pahts", "x", "Pahts")]
    public async Task Option_wrongOrMisspelt_stopsTheStartAndIsNamed(string key, string value, string named)
    {
        using IHost host = CreateHost((key, value));

        Exception error = await Should.ThrowAsync<Exception>(host.StartAsync(Token));

        error.ToString().ShouldContain(named);
    }

    private static IHost CreateHost(params (string Key, string Value)[] settings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)));
        builder.Services.AddStorage(builder.Configuration);
        return builder.Build();
    }
}
