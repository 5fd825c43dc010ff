using Microsoft.Extensions.Options;

namespace AsyncApi.Storage;

internal static class StorageServiceCollectionExtensions
{
    /// <summary>The database and its folder; both are ready before any hosted service or request begins.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(ModelWarmUp.Begin(configuration));
        services.AddSingleton<IValidateOptions<StorageOptions>, StorageOptionsValidator>();
        services.AddSingleton<IValidateOptions<StorageOptions>, StorageConnectionValidator>();
        services.AddOptions<StorageOptions>()
            .BindConfiguration(StorageOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        services.AddSingleton<DataFolder>();
        services.AddSingleton(services => new StorageNews(
            services.GetRequiredService<IOptions<StorageOptions>>().Value.Provider == StorageProvider.PostgreSql));
        services.AddMetrics();
        services.AddSingleton<StorageMetrics>();
        services.AddSingleton<StoragePatience>();
        services.AddSingleton<Database>();
        services.AddHostedService<StorageStartup>();
        return services;
    }
}
