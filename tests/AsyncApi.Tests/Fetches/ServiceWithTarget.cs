using AsyncApi.TestSupport;

namespace AsyncApi.Tests.Fetches;

/// <summary>One service and one target for the tests of a class that leave no traces for each other.</summary>
public sealed class ServiceWithTarget : IAsyncLifetime
{
    public ServiceUnderTest Service { get; private set; } = null!;

    public TargetServer Target { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Target = await TargetServer.StartAsync();
        Service = await ServiceUnderTest.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Target.DisposeAsync();
        await Service.DisposeAsync();
    }
}
