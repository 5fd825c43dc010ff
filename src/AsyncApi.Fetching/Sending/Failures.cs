using System.Net.Sockets;
using AsyncApi.Fetching.Dispatching;

namespace AsyncApi.Fetching.Sending;

/// <summary>Gives every failure of the network one reason out of the closed list.</summary>
internal static class Failures
{
    /// <summary>The words of a failure that nothing here knows. Tests hold that no known behaviour leads to it.</summary>
    public const string Unforeseen = "The exchange failed in an unforeseen way.";

    private const long RefusedStream = 7;

    public static AttemptOutcome ToOutcome(Exception failure, AttemptCut cut)
    {
        switch (cut)
        {
            case AttemptCut.Timeout:
                return AttemptOutcome.Failed(FetchReason.Timeout, "The attempt's time was over before its last byte.");
            case AttemptCut.RequestTimeout:
                return AttemptOutcome.Failed(FetchReason.Timeout, "The time for all attempts of the request was over.");
            case AttemptCut.Stopped:
                return AttemptOutcome.Failed(FetchReason.Cancelled, "Cancelled in flight.");
        }

        return ConnectFailures.Of(failure) switch
        {
            ConnectFailure.Blocked => AttemptOutcome.Failed(FetchReason.Blocked, UrlFault.Blocked.Message, neverLeft: true),
            ConnectFailure.Dns => AttemptOutcome.Failed(FetchReason.Dns, "The name could not be resolved.", neverLeft: true),
            ConnectFailure.ConnectTimeout =>
                AttemptOutcome.Failed(FetchReason.Connect, "The connection was not established in time.", neverLeft: true),
            ConnectFailure.Connect =>
                AttemptOutcome.Failed(FetchReason.Connect, $"The connection {HowRefused(failure)}.", neverLeft: true),
            // Other goodbyes of HTTP/2 the stack tells in the same words as an end in the middle of an answer: those count as sent.
            ConnectFailure.Refused => Refused(),
            ConnectFailure.Again => Protocol(Words(HttpRequestError.ResponseEnded)),
            _ => Exchange(failure),
        };
    }

    /// <summary>Whether the connection ended, in whatever way, and nothing else was wrong.</summary>
    public static bool IsBrokenConnection(HttpRequestException failure) =>
        failure.HttpRequestError is HttpRequestError.ResponseEnded
        || (failure is { HttpRequestError: HttpRequestError.Unknown, InnerException: IOException } && ConnectFailures.Of(failure) is null);

    private static AttemptOutcome Exchange(Exception failure) => failure switch
    {
        // The peer says that it did nothing with the request (RFC 9113, 8.7).
        _ when Find<HttpProtocolException>(failure) is { ErrorCode: RefusedStream } => Refused(),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
            AttemptOutcome.Failed(FetchReason.Tls, "The TLS handshake failed.", neverLeft: true),
        HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } request => Protocol(Words(request.HttpRequestError)),
        HttpIOException io => Protocol(Words(io.HttpRequestError)),
        InvalidDataException => Protocol("The body's compression is malformed or truncated."),
        _ when Find<SocketException>(failure) is { } socket => Protocol(
            socket.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown
                ? "The peer reset the connection."
                : "The connection broke."),
        IOException or HttpRequestException => Protocol("The connection broke."),
        // The handler's own limit for setting up a connection.
        OperationCanceledException => AttemptOutcome.Failed(FetchReason.Connect, "The connection was not established in time.", neverLeft: true),
        _ => Protocol(Unforeseen),
    };

    private static AttemptOutcome Refused() =>
        AttemptOutcome.Failed(FetchReason.Protocol, "The peer refused to take the request.", neverLeft: true);

    private static AttemptOutcome Protocol(string message) => AttemptOutcome.Failed(FetchReason.Protocol, message);

    private static string Words(HttpRequestError error) => error switch
    {
        HttpRequestError.ResponseEnded => "The answer ended before it was complete.",
        HttpRequestError.InvalidResponse => "The answer is not valid HTTP.",
        HttpRequestError.ConfigurationLimitExceeded => "The answer's headers are larger than 32 KiB, or never end.",
        HttpRequestError.HttpProtocolError => "The peer broke off with a protocol error.",
        HttpRequestError.VersionNegotiationError => "The peers share no version of HTTP.",
        _ => "The exchange broke off.",
    };

    private static string HowRefused(Exception failure) =>
        Find<SocketException>(failure)?.SocketErrorCode == SocketError.ConnectionRefused ? "was refused" : "could not be established";

    private static T? Find<T>(Exception? failure) where T : Exception
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            if (failure is T found)
            {
                return found;
            }
        }

        return null;
    }
}
