using Microsoft.Extensions.Options;

namespace AsyncApi.Jobs;

internal static class JobsServiceCollectionExtensions
{
    /// <summary>The queue, its worker, and what watches it.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<JobsOptions>, JobsOptionsValidator>();
        services.AddOptions<JobsOptions>()
            .BindConfiguration(JobsOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<ShutdownOptions>, ShutdownOptionsValidator>();
        services.AddOptions<ShutdownOptions>()
            .BindConfiguration(ShutdownOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        services.AddSingleton<JobStore>();
        services.AddSingleton<JobClaimStore>();
        services.AddSingleton<JobControlStore>();
        services.AddSingleton<WorkerStore>();
        services.AddSingleton<JobKinds>();
        services.AddSingleton<JobSignals>();
        services.AddSingleton<JobWakeUp>();
        services.AddSingleton(provider => new JobPoll(
            provider.GetRequiredService<IOptions<JobsOptions>>(), provider.GetRequiredService<TimeProvider>(), new Random()));
        services.AddSingleton<JobWaiting>();
        services.AddSingleton<JobControl>();
        services.AddSingleton<JobAdmission>();
        services.AddSingleton<JobRunner>();
        services.AddSingleton<RunningJobs>();
        services.AddSingleton<JobMetrics>();
        services.AddSingleton<WorkerLife>();
        services.AddSingleton<LoopHealth>();
        services.AddSingleton<JobDeletionStore>();
        services.AddSingleton<JobRemovals>();
        services.AddSingleton<JobFeed>();
        services.AddSingleton<JobStreams>();
        services.AddHostedService<JobNews>();
        services.AddHostedService<JobWorker>();
        services.AddHostedService<WorkerHeartbeat>();
        services.AddHostedService<JobRescuer>();
        services.AddHostedService<JobWishes>();
        services.AddHostedService<JobPruner>();
        services.AddHostedService(provider => provider.GetRequiredService<JobRemovals>());
        services.AddHostedService(provider => provider.GetRequiredService<JobFeed>());
        return services;
    }
}
