using Microsoft.Extensions.Options;

namespace AsyncApi.Demo;

internal static class DemoServiceCollectionExtensions
{
    public static IServiceCollection AddDemo(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<DemoOptions>, DemoOptionsValidator>();
        services.AddOptions<DemoOptions>()
            .BindConfiguration(DemoOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        return services.AddSingleton<DemoUpstream>();
    }
}
