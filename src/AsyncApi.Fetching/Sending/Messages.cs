using System.Globalization;
using System.Net;
using AsyncApi.Fetching.Dispatching;

namespace AsyncApi.Fetching.Sending;

/// <summary>Makes the message of one leg.</summary>
internal static class Messages
{
    private const string IdempotencyKey = "Idempotency-Key";
    private const string Codings = "gzip, br, deflate";

    public static TracedRequest Create(Hop hop, RequestFlow flow, string userAgent, OpenConnections connections)
    {
        TracedRequest message = new(hop.Method, hop.Url, connections)
        {
            // Over TLS the peers agree on HTTP/2 in the handshake; in clear text a server may not understand it.
            Version = hop.Url.Scheme == Uri.UriSchemeHttps ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        // Also an empty one: the stack sends what has none again by itself when an open connection ends before an answer.
        if (!hop.Body.IsEmpty || !MethodRules.IsIdempotent(hop.Method))
        {
            message.Content = new ReadOnlyMemoryContent(hop.Body);
        }

        bool clientsFirst = hop.KeepsHeaders && HasClientHeaders(flow);
        if (clientsFirst)
        {
            AddClientHeaders(message, flow);
        }

        AddOwn(message, "User-Agent", userAgent, clientsFirst);
        AddOwn(message, "Accept-Encoding", Codings, clientsFirst);
        if (flow.Run.Options.CorrelationId is { } id)
        {
            AddOwn(message, "X-Request-Id", id, clientsFirst);
        }

        return message;
    }

    private static bool HasClientHeaders(RequestFlow flow) =>
        flow.Request.Headers.Count > 0 || flow.Run.Options is { Headers.Count: > 0 } or { IdempotencyKeyPrefix: not null };

    private static void AddClientHeaders(HttpRequestMessage message, RequestFlow flow)
    {
        FetchHeaders own = flow.Request.Headers;
        Add(message, own);
        FetchHeaders shared = flow.Run.Options.Headers;
        if (flow.Run.Options.IdempotencyKeyPrefix is { } prefix && !own.Contains(IdempotencyKey) && !shared.Contains(IdempotencyKey))
        {
            AddOwn(message, IdempotencyKey, string.Create(CultureInfo.InvariantCulture, $"{prefix}-{flow.Request.Index}"));
        }

        if (own.Count == 0)
        {
            Add(message, shared);
            return;
        }

        foreach (KeyValuePair<string, string> field in shared)
        {
            if (!own.Contains(field.Key))
            {
                Add(message, field);
            }
        }
    }

    private static void Add(HttpRequestMessage message, FetchHeaders fields)
    {
        for (int i = 0; i < fields.Count; i++)
        {
            Add(message, fields[i]);
        }
    }

    // FetchHeaders holds judged fields alone; the validating Add would refuse odd but harmless values.
    private static void Add(HttpRequestMessage message, KeyValuePair<string, string> field)
    {
        if (!message.Headers.TryAddWithoutValidation(field.Key, field.Value))
        {
            // The client library keeps the names that describe a body apart; without a body they describe nothing.
            message.Content?.Headers.TryAddWithoutValidation(field.Key, field.Value);
        }
    }

    private static void AddOwn(HttpRequestMessage message, string name, string value, bool unlessThere = true)
    {
        if (!unlessThere || !message.Headers.NonValidated.Contains(name))
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }
    }
}
