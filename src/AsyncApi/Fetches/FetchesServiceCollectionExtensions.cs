using AsyncApi.Fetches.Results;
using AsyncApi.Fetches.Running;
using AsyncApi.Fetches.Submission;
using AsyncApi.Fetching;
using AsyncApi.Jobs;
using AsyncApi.Storage;
using Microsoft.Extensions.Options;

namespace AsyncApi.Fetches;

internal static class FetchesServiceCollectionExtensions
{
    /// <summary>The fan-out: taking in, running, reading.</summary>
    public static IServiceCollection AddFetches(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<FetchSettings>, FetchSettingsValidator>();
        services.AddSingleton<IValidateOptions<FetchSettings>, FetchSettingsListsValidator>();
        services.AddOptions<FetchSettings>()
            .BindConfiguration(FetchSettings.Section, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<FetchSettings>>().Value.ToPolicy());
        services.AddSingleton(CreateEngine);
        services.AddSingleton<FetchStore>();
        services.AddSingleton<FetchViews>();
        services.AddSingleton<LiveFetches>();
        services.AddSingleton<FetchControl>();
        services.AddSingleton<SettingsReader>();
        services.AddSingleton<IJobResource, FetchResource>();
        services.AddSingleton<SubmissionReader>();
        services.AddSingleton<Submissions>();
        services.AddSingleton<FetchRemovalStore>();
        services.AddSingleton<FetchRetryStore>();
        services.AddSingleton<FetchResultStore>();
        services.AddSingleton<FetchWaitStore>();
        services.AddSingleton<FetchMetrics>();
        services.AddSingleton<FetchRecorders>();
        services.AddSingleton<IJobHandler, FetchJobHandler>();
        services.AddHostedService<FetchStartup>();
        services.AddHostedService<FetchChangeLoop>();
        services.AddResults();
        return services;
    }

    private static FetchEngine CreateEngine(IServiceProvider provider)
    {
        FetchSettings settings = provider.GetRequiredService<IOptions<FetchSettings>>().Value;
        FetchEngineOptions options = new()
        {
            MaxConcurrency = settings.MaxConcurrency,
            HostConcurrency = settings.HostConcurrency,
            Circuit = settings.Circuit.ToOptions(),
            AddressPolicy = provider.GetRequiredService<AddressPolicy>(),
            SpoolFolder = provider.GetRequiredService<DataFolder>().Spool,
        };
        return new FetchEngine(options, provider.GetRequiredService<TimeProvider>());
    }
}
