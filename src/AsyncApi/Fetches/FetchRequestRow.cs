namespace AsyncApi.Fetches;

/// <summary>One request of a fetch as it is stored; never changed.</summary>
internal sealed class FetchRequestRow
{
    /// <summary><see cref="RowKey"/> of the fetch and the index.</summary>
    public long Id { get; set; }

    /// <summary>Null when the request was refused and is only recorded.</summary>
    public long? HostId { get; set; }

    public required string Url { get; set; }

    /// <summary>Null for GET.</summary>
    public string? Method { get; set; }

    /// <summary>A JSON object of the request's own headers.</summary>
    public string? Headers { get; set; }

    public byte[]? Body { get; set; }

    public string? Tag { get; set; }

    /// <summary>For a refused request (<c>onInvalid: record</c>): the result's reason, a space, the message.</summary>
    public string? Fault { get; set; }
}
