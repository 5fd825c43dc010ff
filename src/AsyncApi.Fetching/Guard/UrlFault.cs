namespace AsyncApi.Fetching;

/// <summary>How a refused URL is reported.</summary>
public enum UrlFaultKind
{
    /// <summary>It is no http or https URL that could be sent.</summary>
    InvalidUrl,

    /// <summary>It leads where the operator's rules forbid. Says no more than that, so that it can't be used to scan.</summary>
    Blocked,

    /// <summary>A server's <c>Location</c> can't be followed.</summary>
    Protocol,
}

/// <summary>Why a URL was refused.</summary>
/// <param name="Kind">What it is reported as.</param>
/// <param name="Message">What is wrong and what would be right; the same for every <see cref="UrlFaultKind.Blocked"/>. Never quotes the URL.</param>
public readonly record struct UrlFault(UrlFaultKind Kind, string Message)
{
    /// <summary>The one refusal of the address rules.</summary>
    public static readonly UrlFault Blocked = new(UrlFaultKind.Blocked, BlockedAddressException.Refusal);
}
