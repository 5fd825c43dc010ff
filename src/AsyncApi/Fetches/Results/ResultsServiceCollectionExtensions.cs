namespace AsyncApi.Fetches.Results;

internal static class ResultsServiceCollectionExtensions
{
    /// <summary>What reads results. Needs the storage, the jobs and the fetches.</summary>
    public static IServiceCollection AddResults(this IServiceCollection services)
    {
        services.AddSingleton<BodyFiles>();
        services.AddSingleton<ResultReader>();
        services.AddSingleton<SharedResults>();
        services.AddSingleton<ResultBodies>();
        services.AddSingleton<ResultPages>();
        services.AddSingleton<ResultCsv>();
        services.AddSingleton<ResultStreams>();
        return services;
    }
}
