using AsyncApi.Patterns;
using AsyncApi.Tests.Http;
using Microsoft.AspNetCore.Builder;

namespace AsyncApi.Tests.Patterns;

/// <summary>The gallery alone, on a real Kestrel.</summary>
internal static class PatternTestApp
{
    public static Task<HttpTestApp> StartAsync() => HttpTestApp.StartAsync(
        app =>
        {
            app.MapPatterns();
            app.MapGet("/health/live", () => "alive");
        },
        services => services.AddPatterns());
}
