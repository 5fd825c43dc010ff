using AsyncApi.Jobs;
using Microsoft.Extensions.Options;

namespace AsyncApi.Callbacks;

internal static class CallbacksServiceCollectionExtensions
{
    /// <summary>Telling others that a job is over.</summary>
    public static IServiceCollection AddCallbacks(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<CallbackOptions>, CallbackOptionsValidator>();
        services.AddSingleton<IValidateOptions<CallbackOptions>, CallbackSecretsValidator>();
        services.AddOptions<CallbackOptions>()
            .BindConfiguration(CallbackOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        services.AddSingleton(provider => new DeliverySchedule(provider.GetRequiredService<IOptions<CallbackOptions>>(), new Random()));
        services.AddSingleton<DeliveryStore>();
        services.AddSingleton<DeliveryWorkStore>();
        services.AddSingleton<CallbackEvents>();
        services.AddSingleton<CallbackEngine>();
        services.AddSingleton<CallbackMetrics>();
        services.AddSingleton<CallbackSender>();
        services.AddSingleton<CallbackLoop>();
        services.AddSingleton<IJobCallbacks, JobCallbacks>();
        services.AddHostedService(provider => provider.GetRequiredService<CallbackLoop>());
        return services;
    }
}
