namespace AsyncApi.Hosts;

internal static class HostsServiceCollectionExtensions
{
    /// <summary>To be added before the jobs, which start in the order of their adding.</summary>
    public static IServiceCollection AddHosts(this IServiceCollection services)
    {
        services.AddSingleton<HostStore>();
        services.AddSingleton<HostControl>();
        services.AddHostedService<HostStartup>();
        services.AddHostedService<HostHolds>();
        services.AddHostedService<HostChangeLoop>();
        return services;
    }
}
