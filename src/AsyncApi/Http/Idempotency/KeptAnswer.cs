namespace AsyncApi.Http.Idempotency;

/// <summary>What was answered to the first request with a key. It lies beside what that request made, in the same commit.</summary>
internal sealed class KeptAnswer
{
    /// <summary>Whose key, for which route: the key in its scope.</summary>
    public required string Scope { get; init; }

    /// <summary>SHA-256 of what was asked: the path, the query, the content type and the body.</summary>
    public required byte[] RequestHash { get; init; }

    public required int Status { get; init; }

    public string? Location { get; init; }

    public string? ETag { get; init; }

    /// <summary>JSON.</summary>
    public required byte[] Body { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
