namespace AsyncApi.Fetching;

/// <summary>
/// A lookup or connect that failed. The stack wraps whatever a connect callback throws as a connection error, so the reason
/// has to travel in a type of its own: read it with <see cref="ConnectFailures.Of"/>.
/// </summary>
internal sealed class GuardedConnectException(ConnectFailure failure, Exception? inner = null) : HttpRequestException(
    failure == ConnectFailure.Dns ? HttpRequestError.NameResolutionError : HttpRequestError.ConnectionError, TextOf(failure), inner)
{
    public ConnectFailure Failure => failure;

    // No host, address or port: the text may reach a client.
    private static string TextOf(ConnectFailure failure) => failure switch
    {
        ConnectFailure.Dns => "The name could not be resolved.",
        ConnectFailure.Again => "The connection ended before an answer came.",
        ConnectFailure.Refused => "The peer refused to take the request.",
        ConnectFailure.ConnectTimeout => "The connection was not established in time.",
        _ => "The connection could not be established.",
    };
}
