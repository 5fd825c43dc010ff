using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using AsyncApi.Fetching;

namespace AsyncApi.LoadTests;

/// <summary>
/// Sends a plan's request, over connections of its own. It is the operator who says which hosts may be tested, so a target may be a private
/// address; no redirect leads anywhere else. Nothing is kept of an answer but its size.
/// </summary>
internal sealed class LoadSender : IDisposable
{
    /// <summary>From the connect to the last byte.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private const int BufferBytes = 16 * 1024;

    private readonly LoadPlan _plan;
    private readonly string _requestId;
    private readonly TimeProvider _time;
    private readonly Uri _url;
    private readonly HttpMethod _method;
    private readonly HttpMessageInvoker _invoker;

    // A timer of its own for each request would be a tenth of what the request costs.
    private readonly ConcurrentBag<CancellationTokenSource> _limits = [];

    public LoadSender(LoadPlan plan, string requestId, TimeProvider time)
    {
        (_plan, _requestId, _time) = (plan, requestId, time);
        _url = new Uri(plan.Url);
        _method = HttpMethod.Parse(plan.Method);
        _invoker = new HttpMessageInvoker(GuardedHandler.Create(new GuardedConnector(AddressPolicy.Unrestricted(), time)));
    }

    /// <summary>What became of it; throws nothing but the caller's own cancellation.</summary>
    public async ValueTask<LoadAnswer> SendAsync(CancellationToken token)
    {
        CancellationTokenSource limit = _limits.TryTake(out CancellationTokenSource? unused)
            ? unused
            : new CancellationTokenSource(System.Threading.Timeout.InfiniteTimeSpan, _time);
        limit.CancelAfter(Timeout);
        try
        {
#pragma warning disable MA0045 // Nothing but the stack hears of it, and it does not run on here.
            await using CancellationTokenRegistration cut = token.UnsafeRegister(static limit => ((CancellationTokenSource)limit!).Cancel(), limit);
#pragma warning restore MA0045
            using HttpRequestMessage message = CreateMessage();
            using HttpResponseMessage answer = await _invoker.SendAsync(message, limit.Token);
            long bytes = await ReadAsync(answer.Content, limit.Token);
            return new LoadAnswer((int)answer.StatusCode, bytes);
        }
#pragma warning disable CA1031 // The boundary to the network: whatever it does is counted under its reason.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            // A target that breaks off at that very moment, such as this service itself at its stop, is no failure of the test.
            token.ThrowIfCancellationRequested();
            return new LoadAnswer(0, 0, limit.IsCancellationRequested ? FetchReason.Timeout : GuardedHandler.ReasonOf(failure));
        }
        finally
        {
            GiveBack(limit);
        }
    }

    public void Dispose()
    {
        _invoker.Dispose();
        foreach (CancellationTokenSource limit in _limits)
        {
            limit.Dispose();
        }
    }

    private void GiveBack(CancellationTokenSource limit)
    {
        if (limit.TryReset())
        {
            _limits.Add(limit);
        }
        else
        {
            limit.Dispose();
        }
    }

    private HttpRequestMessage CreateMessage()
    {
        HttpRequestMessage message = new(_method, _url)
        {
            Version = _url.Scheme == Uri.UriSchemeHttps ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Content = _plan.Body is { } body ? new ReadOnlyMemoryContent(body) : null,
        };
        foreach ((string name, string value) in _plan.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                message.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        AddUnlessThere(message, "User-Agent", FetchEngineOptions.DefaultUserAgent);
        AddUnlessThere(message, "X-Request-Id", _requestId);
        return message;
    }

    private static void AddUnlessThere(HttpRequestMessage message, string name, string value)
    {
        if (!message.Headers.NonValidated.Contains(name))
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }
    }

    private static async ValueTask<long> ReadAsync(HttpContent content, CancellationToken token)
    {
        await using Stream body = await content.ReadAsStreamAsync(token);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            long bytes = 0;
            while (await body.ReadAsync(buffer, token) is > 0 and int read)
            {
                bytes += read;
            }

            return bytes;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
