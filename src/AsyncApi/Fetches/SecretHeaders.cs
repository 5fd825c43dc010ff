namespace AsyncApi.Fetches;

/// <summary>Which headers' values are shown to nobody.</summary>
internal static class SecretHeaders
{
    private static readonly string[] Always = ["Authorization", "Cookie", "Proxy-Authorization"];

    public static bool IsSecret(string name, IReadOnlyList<string> named) =>
        Always.Contains(name, StringComparer.OrdinalIgnoreCase) || named.Contains(name, StringComparer.OrdinalIgnoreCase);
}
