namespace AsyncApi.Fetching;

/// <summary>Why a request did not succeed: a closed list, the same words as in the service's contract.</summary>
public enum FetchReason
{
    /// <summary>It did succeed.</summary>
    None,

    /// <summary>An answer came, with a status under 200 or over 399.</summary>
    HttpStatus,

    /// <summary>The attempt's time was over before its last byte.</summary>
    Timeout,

    /// <summary>The name could not be resolved.</summary>
    Dns,

    /// <summary>No connection could be made.</summary>
    Connect,

    /// <summary>The TLS handshake failed: an untrusted or wrong certificate, or no common protocol.</summary>
    Tls,

    /// <summary>The peer broke off or did not speak HTTP: reset, truncated or malformed.</summary>
    Protocol,

    /// <summary>The address guard refused. Always the same, whatever lies behind the address.</summary>
    Blocked,

    /// <summary>More redirects than the fetch follows.</summary>
    TooManyRedirects,

    /// <summary>The host's circuit was open until the retries were used up.</summary>
    CircuitOpen,

    /// <summary>The URL breaks the rules.</summary>
    InvalidUrl,

    /// <summary>Another part of the request breaks the rules.</summary>
    InvalidRequest,

    /// <summary>A body that unpacks to over 100 times its size and over 10 MiB.</summary>
    Bomb,

    /// <summary>The caller cancelled the fetch.</summary>
    Cancelled,

    /// <summary>The fetch reached its deadline.</summary>
    Deadline,

    /// <summary>The fetch's stop condition struck, or the fetch was given up.</summary>
    Stopped,
}
