using System.Text.Json.Serialization;

namespace AsyncApi.Home;

/// <summary>What the health endpoints answer.</summary>
internal sealed record HealthReport(string Status, IReadOnlyDictionary<string, HealthCheck> Checks)
{
    [JsonIgnore]
    public bool IsOk => Status == HealthCheck.Ok;

    public static HealthReport Of(IReadOnlyDictionary<string, HealthCheck> checks) =>
        new(checks.Values.All(check => check.Status == HealthCheck.Ok) ? HealthCheck.Ok : HealthCheck.Failed, checks);
}

/// <summary>One check: <c>ok</c> or <c>failed</c>, and what was found.</summary>
internal sealed record HealthCheck(string Status, string Detail)
{
    public const string Ok = "ok";
    public const string Failed = "failed";

    public static HealthCheck Of(bool ok, string detail) => new(ok ? Ok : Failed, detail);
}
