using System.Text.Json;
using AsyncApi.TestSupport;

namespace AsyncApi.Benchmarks;

/// <summary>The service with the settings of Production, loopback opened, on the measured processor.</summary>
internal static class Production
{
    public static Task<ServiceProcess> StartAsync(TempFolder data) => ServiceProcess.StartAsync(
        data.Path,
        new Dictionary<string, string>([Machine.PromptTiering])
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["Fetch:AllowedNetworks:0"] = "127.0.0.0/8",
        },
        Machine.MeasuredCore);

    /// <summary>The answer's JSON; fails with all of it when it is no success.</summary>
    public static async Task<JsonDocument> ReadAsync(HttpResponseMessage answer, CancellationToken token)
    {
        string text = await answer.Content.ReadAsStringAsync(token);
        return answer.IsSuccessStatusCode
            ? JsonDocument.Parse(text)
            : throw new InvalidOperationException($"The service answered {(int)answer.StatusCode}: {text}");
    }
}
