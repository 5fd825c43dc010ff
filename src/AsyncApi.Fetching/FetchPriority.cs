namespace AsyncApi.Fetching;

/// <summary>A fetch's weight when fetches share the engine: out of 21 starts, 16 go to high, 4 to normal and 1 to low.</summary>
public enum FetchPriority
{
    /// <summary>Weight 1: always advances, never in the way.</summary>
    Low = 1,

    /// <summary>Weight 4.</summary>
    Normal = 4,

    /// <summary>Weight 16.</summary>
    High = 16,
}
