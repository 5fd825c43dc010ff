namespace AsyncApi.Fetching;

/// <summary>One request of a fetch.</summary>
/// <param name="Index">Its place in the submission, from 0.</param>
/// <param name="Url">An absolute http or https URI without user info (<see cref="UrlRules"/> makes one).</param>
public sealed record FetchRequest(int Index, Uri Url)
{
    /// <summary>GET unless said otherwise.</summary>
    public HttpMethod Method { get; init; } = HttpMethod.Get;

    /// <summary>Headers of this request alone.</summary>
    public FetchHeaders Headers { get; init; } = FetchHeaders.None;

    /// <summary>The body to send; empty sends none.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>What an earlier run had made of it; null when it is new.</summary>
    public FetchRetryWait? Resumed { get; init; }
}
