using System.Net;
using System.Runtime.CompilerServices;
using AsyncApi.Fetching.Dispatching;

namespace AsyncApi.Fetching.Sending;

/// <summary>Makes one attempt over the network, redirects included, and turns whatever happens into an outcome.</summary>
internal sealed class AttemptSender(HttpMessageInvoker invoker, FetchEngineOptions options, TimeProvider time)
{
    private readonly BodyReader _bodies = new(options);
    private readonly OpenConnections _connections = new();

    // Pooled builders, here and below: each layer of a pending attempt would otherwise cost an object.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<AttemptOutcome> SendAsync(RequestFlow flow)
    {
        try
        {
            return await FollowAsync(flow, flow.Attempt.Token);
        }
#pragma warning disable CA1031 // The boundary to a hostile network: everything it can do to us has a reason.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            if (flow.Leg is { Address: null } leg && ConnectFailures.Of(failure) is null)
            {
                leg.Address = _connections.AddressOf(HostKey.Of(leg.RequestUri!));
            }

            return Failures.ToOutcome(failure, flow.Cut);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<AttemptOutcome> FollowAsync(RequestFlow flow, CancellationToken token)
    {
        FetchOptions fetch = flow.Run.Options;
        Hop hop = Hop.First(flow.Request);
        int redirects = 0;
        while (true)
        {
            using TracedRequest message = Messages.Create(hop, flow, options.UserAgent, _connections);
            flow.Leg = message;
            HttpResponseMessage response;
            try
            {
                response = await invoker.SendAsync(message, token);
            }
            catch (HttpRequestException failure) when (message.MayGoAgain && Failures.IsBrokenConnection(failure))
            {
                // The pooled connection is closed now: the next one is another, in the end a new one.
                continue;
            }

            flow.FirstByteAt = time.GetTimestamp();
            message.Carrier?.Answered(Persists(response));
            // What shares its connection with others does not know it.
            message.Address ??= _connections.AddressOf(hop.IsFirst ? flow.Lane.Host.Key : HostKey.Of(hop.Url));
            int status = (int)response.StatusCode;
            if (fetch.MaxRedirects == 0 || !Hop.IsRedirect(response, out string? location))
            {
                return await ReadAsync(flow, hop, response, token);
            }

            // Its body is not wanted: leaving it closes the connection or gives it back when there is none.
            response.Dispose();
            if (redirects == fetch.MaxRedirects)
            {
                return new AttemptOutcome
                {
                    Reason = FetchReason.TooManyRedirects,
                    Message = $"More than {fetch.MaxRedirects} redirects.",
                    Status = status,
                    FinalUrl = hop.Url,
                };
            }

            if (!hop.TryFollow(status, location, options.AddressPolicy, out Hop next, out UrlFault fault))
            {
                return AttemptOutcome.Failed(fault.Kind is UrlFaultKind.Blocked ? FetchReason.Blocked : FetchReason.Protocol, fault.Message);
            }

            (flow.Redirects ??= []).Add(new FetchRedirect(status, next.Url));
            hop = next;
            redirects++;
        }
    }

    private static bool Persists(HttpResponseMessage response) =>
        response.Version != HttpVersion.Version10 || response.Headers.Connection.Contains("keep-alive", StringComparer.OrdinalIgnoreCase);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<AttemptOutcome> ReadAsync(RequestFlow flow, Hop hop, HttpResponseMessage response, CancellationToken token)
    {
        int status = (int)response.StatusCode;
        BodyReading body;
        using (response)
        {
            body = await _bodies.ReadAsync(response, flow.Run.Options.MaxBodyBytes, token);
        }

        FetchReason reason = body.IsBomb ? FetchReason.Bomb : status is >= 200 and < 400 ? FetchReason.None : FetchReason.HttpStatus;
        return new AttemptOutcome
        {
            Reason = reason,
            Message = reason switch
            {
                FetchReason.None => null,
                FetchReason.Bomb => "The body unpacks to over 100 times its size and over 10 MiB; reading was stopped.",
                _ => $"The answer was {status}.",
            },
            Status = status,
            FinalUrl = hop.IsFirst ? null : hop.Url,
            Headers = response.Headers,
            ContentHeaders = response.Content.Headers,
            Body = body.Body,
            RetryAfter = reason is FetchReason.HttpStatus ? RetryAfter.Of(response, time) : null,
        };
    }
}
