namespace AsyncApi.Fetching;

/// <summary>A fetch ended early because its source of requests failed.</summary>
public sealed class FetchSourceException : Exception
{
    /// <summary>With the source's own failure inside.</summary>
    public FetchSourceException(Exception innerException)
        : base("The source of requests failed: " + innerException?.Message, innerException)
    {
    }
}
