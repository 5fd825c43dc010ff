using AsyncApi.Jobs;
using Microsoft.Extensions.Options;

namespace AsyncApi.LoadTests;

internal static class LoadTestsServiceCollectionExtensions
{
    /// <summary>Load tests and the kind of job that runs them.</summary>
    public static IServiceCollection AddLoadTests(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<LoadTestOptions>, LoadTestOptionsValidator>();
        services.AddOptions<LoadTestOptions>()
            .BindConfiguration(LoadTestOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        return services
            .AddSingleton<LoadTargets>()
            .AddSingleton<LoadTestStore>()
            .AddSingleton<IJobHandler, LoadTestJobHandler>();
    }
}
