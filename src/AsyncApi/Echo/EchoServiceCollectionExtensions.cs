using Microsoft.Extensions.Options;

namespace AsyncApi.Echo;

internal static class EchoServiceCollectionExtensions
{
    /// <summary>The two echo servers, which listen only where they are enabled.</summary>
    public static IServiceCollection AddEcho(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<EchoOptions>, EchoOptionsValidator>();
        services.AddOptions<EchoOptions>()
            .BindConfiguration(EchoOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        services.AddSingleton<EchoAddresses>();
        services.AddHostedService<TcpEcho>();
        services.AddHostedService<UdpEcho>();
        return services;
    }
}
