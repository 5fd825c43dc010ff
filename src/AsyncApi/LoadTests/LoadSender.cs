using System.Buffers;
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
        using CancellationTokenSource limit = new(Timeout, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, token);
        try
        {
            using HttpRequestMessage message = CreateMessage();
            using HttpResponseMessage answer = await _invoker.SendAsync(message, either.Token);
            long bytes = await ReadAsync(answer.Content, either.Token);
            return new LoadAnswer((int)answer.StatusCode, bytes);
        }
#pragma warning disable CA1031 // The boundary to the network: whatever it does is counted under its reason.
        catch (Exception failure) when (!token.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return new LoadAnswer(0, 0, limit.IsCancellationRequested ? FetchReason.Timeout : GuardedHandler.ReasonOf(failure));
        }
    }

    public void Dispose() => _invoker.Dispose();

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
