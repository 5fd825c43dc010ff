using Microsoft.Extensions.Options;

namespace AsyncApi.StaticFiles;

internal static class StaticFilesServiceCollectionExtensions
{
    /// <summary>The folder of static files.</summary>
    public static IServiceCollection AddStaticFolder(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<StaticFilesOptions>, StaticFilesOptionsValidator>();
        services.AddOptions<StaticFilesOptions>()
            .BindConfiguration(StaticFilesOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        return services.AddSingleton<StaticFolder>();
    }
}
