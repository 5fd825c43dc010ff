using System.Buffers;
using System.Collections.Frozen;
using System.Text;

namespace AsyncApi.Fetching;

/// <summary>Why a header that a client gave is refused.</summary>
/// <param name="Name">The header's name as it was given; empty where the fault is the headers' number or size.</param>
/// <param name="Message">What is wrong and what would be right. Never quotes a value: it may be a secret.</param>
public readonly record struct HeaderFault(string Name, string Message);

/// <summary>
/// What headers a client may give. What passes can be sent as it stands: it holds nothing that could end a line, frame a body,
/// pick another host or open a cloud's metadata service.
/// </summary>
public static class HeaderRules
{
    /// <summary>The most headers of a request.</summary>
    public const int MaxCount = 50;

    /// <summary>The most bytes of a request's names and values together, in UTF-8.</summary>
    public const int MaxBytes = 8 * 1024;

    /// <summary>The longest name.</summary>
    public const int MaxNameLength = 128;

    // RFC 9110, 5.6.2.
    private static readonly SearchValues<char> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    private static readonly FrozenSet<string> Framing = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "Connection", "Content-Length", "Expect", "Host", "HTTP2-Settings", "Keep-Alive", "TE", "Trailer", "Transfer-Encoding", "Upgrade");

    private static readonly FrozenSet<string> Tracing = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "baggage", "Correlation-Context", "Forwarded", "Request-Id", "traceparent", "tracestate");

    private static readonly FrozenSet<string> Metadata = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "Metadata", "Metadata-Flavor", "X-Google-Metadata-Request", "X-Identity-Header", "X-Metadata-Token");

    private static readonly string[] ForbiddenPrefixes = ["Proxy-", "Sec-", "X-Forwarded-", "X-aws-ec2-metadata-token", "X-aliyun-ecs-metadata-token"];

    /// <summary>Every fault of one request's headers; empty when they may be sent. Never throws, whatever they hold.</summary>
    public static IReadOnlyList<HeaderFault> FaultsOf(IEnumerable<KeyValuePair<string, string>> headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        List<HeaderFault>? faults = null;
        int count = 0;
        long bytes = 0;
        foreach ((string name, string value) in headers)
        {
            count++;
            bytes += SizeOf(name) + SizeOf(value);
            if (FaultOf(name, value) is { } message)
                (faults ??= []).Add(new HeaderFault(name ?? "", message));
        }

        if (count > MaxCount)
            (faults ??= []).Add(new HeaderFault("", $"There are {count} headers: at most {MaxCount}."));
        if (bytes > MaxBytes)
            (faults ??= []).Add(new HeaderFault("", $"The headers have {bytes} bytes together: at most {MaxBytes}."));
        return (IReadOnlyList<HeaderFault>?)faults ?? [];
    }

    /// <summary>The fault of one header by itself; null when it may be sent.</summary>
    public static string? FaultOf(string? name, string? value) => FaultOfName(name) ?? FaultOfValue(value);

    private static string? FaultOfName(string? name)
    {
        if (string.IsNullOrEmpty(name))
            return "A header needs a name.";
        if (name.Length > MaxNameLength)
            return "The header's name is too long: at most 128 characters.";
        if (name.AsSpan().ContainsAnyExcept(Token))
            return "The header's name may hold only letters, digits and !#$%&'*+-.^_`|~.";
        if (Framing.Contains(name))
            return "The header is set by the service itself, for each connection and body.";
        if (Tracing.Contains(name))
            return "The header belongs to proxies and tracing and is never sent.";
        if (Metadata.Contains(name) || IsForbiddenPrefix(name))
            return "The header is reserved for proxies, browsers or cloud metadata services and is never sent.";
        return null;
    }

    private static bool IsForbiddenPrefix(string name)
    {
        foreach (string prefix in ForbiddenPrefixes)
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    private static string? FaultOfValue(string? value)
    {
        if (value is null)
            return "The header needs a value.";
        ReadOnlySpan<char> rest = value;
        // A lone surrogate has no UTF-8 form; what would be sent is not what was given.
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out Rune rune, out int length) != OperationStatus.Done)
                return "The header's value holds half a surrogate pair.";
            if (Rune.IsControl(rune))
                return "The header's value holds a control character (line ends, tabs and NUL among them): remove it.";
            rest = rest[length..];
        }

        return null;
    }

    private static int SizeOf(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);
}
