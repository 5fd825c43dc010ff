using System.Globalization;

namespace AsyncApi.Http;

/// <summary><c>Prefer: wait=N</c> (RFC 7240): how long a client would have its answer held.</summary>
internal static class Prefer
{
    public const int MaxWaitSeconds = 60;

    /// <summary>The wait that the client prefers, at most a minute; null when it names none. What can't be read is ignored, as the RFC says.</summary>
    public static TimeSpan? Wait(HttpRequest request)
    {
        foreach (string? header in request.Headers["Prefer"])
        {
            foreach (Range preference in Split(header))
            {
                // The first one counts, even when it can't be read.
                if (Value(header.AsSpan(preference)) is { } wait)
                    return Seconds(wait);
            }
        }
        return null;
    }

    /// <summary>Tells the client that its preference was honoured.</summary>
    public static void Applied(HttpResponse response, TimeSpan wait) =>
        response.Headers["Preference-Applied"] = string.Create(CultureInfo.InvariantCulture, $"wait={(int)wait.TotalSeconds}");

    private static TimeSpan? Seconds(string text)
    {
        if (text.Length is 0 or > 9 || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds))
            return null;
        return TimeSpan.FromSeconds(Math.Min(seconds, MaxWaitSeconds));
    }

    // The value of a preference named wait, without its parameters; null for any other.
    private static string? Value(ReadOnlySpan<char> preference)
    {
        int end = preference.IndexOf(';');
        ReadOnlySpan<char> pair = end < 0 ? preference : preference[..end];
        int equals = pair.IndexOf('=');
        ReadOnlySpan<char> name = equals < 0 ? pair : pair[..equals];
        if (!name.Trim().Equals("wait", StringComparison.OrdinalIgnoreCase))
            return null;
        ReadOnlySpan<char> value = equals < 0 ? [] : pair[(equals + 1)..].Trim();
        return value is ['"', .. var quoted, '"'] ? quoted.ToString() : value.ToString();
    }

    // Commas inside quotes separate nothing.
    private static List<Range> Split(string? header)
    {
        List<Range> parts = [];
        bool quoted = false;
        int start = 0;
        string text = header ?? "";
        for (int i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"':
                    quoted = !quoted;
                    break;
                case '\\' when quoted:
                    i++;
                    break;
                case ',' when !quoted:
                    parts.Add(start..i);
                    start = i + 1;
                    break;
            }
        }
        parts.Add(start..text.Length);
        return parts;
    }
}
