namespace AsyncApi.Fetches;

/// <summary>Which headers' values are shown to nobody.</summary>
internal static class SecretHeaders
{
    /// <summary>What is shown instead.</summary>
    public const string Masked = "***";

    private static readonly string[] Always = ["Authorization", "Cookie", "Proxy-Authorization"];

    public static bool IsSecret(string name, IReadOnlyList<string> named) => Holds(Always, name) || (named.Count > 0 && Holds(named, name));

    private static bool Holds(IReadOnlyList<string> names, string name)
    {
        for (int i = 0; i < names.Count; i++)
        {
            if (string.Equals(names[i], name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
