namespace AsyncApi.Fetching;

/// <summary>
/// The address rules refused a connection. Always the same words, no address and no hint: a refusal that said more would make
/// the service a scanner of its own network.
/// </summary>
public sealed class BlockedAddressException : Exception
{
    internal const string Refusal = "The target is blocked: its address or port is not one that may be called.";

    /// <summary>A refusal.</summary>
    public BlockedAddressException() : base(Refusal)
    {
    }
}
