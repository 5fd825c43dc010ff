namespace AsyncApi.Fetching;

/// <summary>What becomes of the requests in flight when a fetch is stopped; from mild to harsh.</summary>
public enum FetchStop
{
    /// <summary>The fetch goes on.</summary>
    None,

    /// <summary>They end as they would have; requests between two attempts are given up without a result.</summary>
    Drain,

    /// <summary>They are cut and end as <see cref="FetchOutcome.Cancelled"/>, as do those between two attempts.</summary>
    Cancel,

    /// <summary>They are cut and get no result.</summary>
    Abandon,
}
