namespace AsyncApi.Fetches;

/// <summary>A host of a fetch's list, in order of first appearance.</summary>
internal sealed class FetchHostRow
{
    public long Id { get; set; }

    public long FetchKey { get; set; }

    /// <summary><c>https://example.com:443</c></summary>
    public required string Host { get; set; }
}
