using System.Globalization;
using System.Net.Http.Headers;

namespace AsyncApi.Fetching.Sending;

/// <summary>Reads <c>Retry-After</c> in both forms (RFC 9110, 10.2.3).</summary>
internal static class RetryAfter
{
    // What no fetch waits for; keeps a hostile number from overflowing the clock.
    private static readonly TimeSpan Ceiling = TimeSpan.FromDays(366);

    public static TimeSpan? Of(HttpResponseMessage response, TimeProvider time)
    {
        if (!response.Headers.NonValidated.TryGetValues("Retry-After", out HeaderStringValues values))
        {
            return null;
        }

        string text = values.ToString().Trim();
        if (text.Length > 0 && text.All(char.IsAsciiDigit))
        {
            return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) && seconds < Ceiling.TotalSeconds
                ? TimeSpan.FromSeconds(seconds)
                : Ceiling;
        }

        // The three date forms of RFC 9110, 5.6.7. A date that is over asks for no wait.
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date)
            ? TimeSpan.FromTicks(Math.Clamp((date - time.GetUtcNow()).Ticks, 0, Ceiling.Ticks))
            : null;
    }
}
