namespace AsyncApi.Fetching;

/// <summary>Why no connection came about.</summary>
public enum ConnectFailure
{
    /// <summary>The address rules refused it; trying again changes nothing.</summary>
    Blocked,

    /// <summary>The name did not resolve, or not in time.</summary>
    Dns,

    /// <summary>Nothing answered at any of the addresses.</summary>
    Connect,

    /// <summary>The addresses did not answer in time.</summary>
    ConnectTimeout,

    /// <summary>The request had a connection of its own already, which ended without an answer.</summary>
    Again,

    /// <summary>The peer took the request on none of its connections, and says so.</summary>
    Refused,
}

/// <summary>Reads the reason out of what a send threw.</summary>
public static class ConnectFailures
{
    /// <summary>
    /// The guard's own reason, wherever the HTTP stack wrapped it; null when the failure came from elsewhere (TLS, protocol, cancellation).
    /// </summary>
    public static ConnectFailure? Of(Exception? exception)
    {
        for (Exception? link = exception; link is not null; link = link.InnerException)
        {
            if (link is BlockedAddressException)
                return ConnectFailure.Blocked;
            if (link is GuardedConnectException failure)
                return failure.Failure;
        }

        return null;
    }
}
