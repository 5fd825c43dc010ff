namespace AsyncApi.Home;

internal static class HomeServiceCollectionExtensions
{
    public static IServiceCollection AddHome(this IServiceCollection services) => services
        .AddSingleton<DashboardFiles>()
        .AddSingleton<Readiness>();
}
