using System.Globalization;
using System.Net.Http.Headers;

namespace AsyncApi.Fetching.Sending;

/// <summary>Reads <c>Retry-After</c> in both forms (RFC 9110, 10.2.3).</summary>
internal static class RetryAfter
{
    // What no fetch waits for; keeps a hostile number from overflowing the clock.
    private static readonly TimeSpan Ceiling = TimeSpan.FromDays(366);

    // The three forms of RFC 9110, 5.6.7: a free parser reads "1.5" as a day in January.
    private static readonly string[] DateForms = ["ddd, dd MMM yyyy HH:mm:ss 'GMT'", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy"];

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

        // A date that is over asks for no wait.
        return DateTimeOffset.TryParseExact(
            text, DateForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowInnerWhite, out DateTimeOffset date)
            ? TimeSpan.FromTicks(Math.Clamp((date - time.GetUtcNow()).Ticks, 0, Ceiling.Ticks))
            : null;
    }
}
