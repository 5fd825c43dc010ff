using System.Globalization;

namespace AsyncApi.Callbacks;

/// <summary>The three headers of Standard Webhooks 1.0.</summary>
internal static class WebhookHeaders
{
    public const string Id = "webhook-id";
    public const string Timestamp = "webhook-timestamp";
    public const string Signature = "webhook-signature";

    /// <summary>For one try: the id is that of every try, the time is now, and each secret signs, so that receivers may change theirs at leisure.</summary>
    /// <param name="body">The bytes as they are sent.</param>
    public static IEnumerable<KeyValuePair<string, string>> Of(
        string id, DateTimeOffset now, ReadOnlyMemory<byte> body, IReadOnlyList<WebhookSecret> secrets)
    {
        string timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return
        [
            new(Id, id),
            new(Timestamp, timestamp),
            new(Signature, string.Join(' ', secrets.Select(secret => secret.Sign(id, timestamp, body.Span)))),
        ];
    }
}
