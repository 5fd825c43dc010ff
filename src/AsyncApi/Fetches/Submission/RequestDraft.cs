using AsyncApi.Fetching;

namespace AsyncApi.Fetches.Submission;

/// <summary>One request of a submission, judged, on its way to its row.</summary>
internal sealed record RequestDraft(string Url)
{
    /// <summary>Null when it is only recorded as refused.</summary>
    public HostKey? Host { get; init; }

    /// <summary>Null for GET.</summary>
    public string? Method { get; init; }

    /// <summary>A JSON object.</summary>
    public string? Headers { get; init; }

    public byte[]? Body { get; init; }

    public string? Tag { get; init; }

    /// <summary>The result's reason, a space, the message.</summary>
    public string? Fault { get; init; }

    /// <summary>Roughly what it holds in memory.</summary>
    public int Weight => 200 + (2 * Url.Length) + (2 * (Headers?.Length ?? 0)) + (Body?.Length ?? 0);
}
