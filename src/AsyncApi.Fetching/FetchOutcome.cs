namespace AsyncApi.Fetching;

/// <summary>How a request ended.</summary>
public enum FetchOutcome
{
    /// <summary>A final status of 200 to 399.</summary>
    Succeeded,

    /// <summary>No such status; <see cref="FetchResult.Reason"/> says why.</summary>
    Failed,

    /// <summary>Stopped from outside before it was over.</summary>
    Cancelled,
}
