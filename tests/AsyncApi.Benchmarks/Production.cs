using System.Text.Json;
using AsyncApi.TestSupport;

namespace AsyncApi.Benchmarks;

/// <summary>The service with the settings of Production, loopback opened.</summary>
internal static class Production
{
    /// <param name="data">The data folder.</param>
    /// <param name="core">The processor that it has; null for all.</param>
    /// <param name="settings">More of them.</param>
    public static Task<ServiceProcess> StartAsync(
        TempFolder data, int? core = Machine.MeasuredCore, params IEnumerable<KeyValuePair<string, string>> settings) => ServiceProcess.StartAsync(
        data.Path,
        new Dictionary<string, string>([Machine.PromptTiering, .. settings])
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["Fetch:AllowedNetworks:0"] = "127.0.0.0/8",
        },
        core);

    /// <summary>The answer's JSON; fails with all of it when it is no success.</summary>
    public static async Task<JsonDocument> ReadAsync(HttpResponseMessage answer, CancellationToken token)
    {
        string text = await answer.Content.ReadAsStringAsync(token);
        return answer.IsSuccessStatusCode
            ? JsonDocument.Parse(text)
            : throw new InvalidOperationException($"The service answered {(int)answer.StatusCode}: {text}");
    }
}
