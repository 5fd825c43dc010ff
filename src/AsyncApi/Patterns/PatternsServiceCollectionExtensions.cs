namespace AsyncApi.Patterns;

internal static class PatternsServiceCollectionExtensions
{
    /// <summary>The gallery of patterns.</summary>
    public static IServiceCollection AddPatterns(this IServiceCollection services) => services.AddSingleton<PatternPlaces>();
}
