namespace AsyncApi.Fetching;

/// <summary>A host asked to be left alone.</summary>
/// <param name="host">Scheme, name and port.</param>
/// <param name="until">No attempt starts to it before.</param>
public sealed class HostHeldEventArgs(HostKey host, DateTimeOffset until) : EventArgs
{
    /// <summary>Scheme, name and port.</summary>
    public HostKey Host { get; } = host;

    /// <summary>No attempt starts to it before.</summary>
    public DateTimeOffset Until { get; } = until;
}
