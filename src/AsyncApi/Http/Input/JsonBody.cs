using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using AsyncApi.Http.Problems;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace AsyncApi.Http.Input;

/// <summary>
/// A request body read as strict JSON, whole and up to a cap. Either <see cref="Problem"/> says why not, or <see cref="Root"/> is there
/// until the body is disposed.
/// </summary>
internal sealed class JsonBody : IDisposable
{
    public const string MediaType = "application/json";

    // What the server may read beyond the cap, so that the refusal is ours, with its limit in words.
    private const int Slack = 64 * 1024;

    private const int FirstBuffer = 4096;

    private static readonly byte[] EmptyObject = "{}"u8.ToArray();

    private readonly JsonDocument? _document;
    private readonly byte[]? _rented;

    private JsonBody(JsonDocument? document, byte[]? rented, ReadOnlyMemory<byte> utf8, ProblemResult? problem) =>
        (_document, _rented, Utf8, Problem) = (document, rented, utf8, problem);

    /// <summary>What to answer instead; null when the body could be read.</summary>
    public ProblemResult? Problem { get; }

    /// <summary>The bytes as they came.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    public JsonElement Root => _document?.RootElement ?? throw new InvalidOperationException("the body was refused");

    /// <summary>Reads the root as an object.</summary>
    public JsonObjectReader Object(Faults faults) => new(Root, faults);

    /// <param name="emptyAsObject">An absent body counts as <c>{}</c>, whatever its content type.</param>
    public static async Task<JsonBody> ReadAsync(HttpContext context, int maxBytes, bool emptyAsObject = false, CancellationToken cancellationToken = default)
    {
        HttpRequest request = context.Request;
        bool json = IsJson(request.ContentType);
        if (!json && !(emptyAsObject && request.ContentType is null))
            return Refused(Problems.Problem.UnsupportedMediaType([MediaType]));
        if (request.ContentLength > maxBytes)
            return Refused(Problems.Problem.PayloadTooLarge(maxBytes));
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = (long)maxBytes + Slack;

        (byte[] rented, int length) = await BufferAsync(request.BodyReader, maxBytes, cancellationToken);
        if (length > maxBytes)
            return Refused(Problems.Problem.PayloadTooLarge(maxBytes), rented);
        if (length > 0 && !json)
            return Refused(Problems.Problem.UnsupportedMediaType([MediaType]), rented);
        ReadOnlyMemory<byte> utf8 = length == 0 && emptyAsObject ? EmptyObject : rented.AsMemory(0, length);
        return StrictJson.TryParse(utf8, out JsonDocument? document, out string? fault)
            ? new JsonBody(document, rented, utf8, null)
            : Refused(Problems.Problem.MalformedBody(fault), rented);
    }

    /// <summary>Whether a Content-Type is JSON, whatever its parameters.</summary>
    public static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? type) && type.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase);

    public void Dispose()
    {
        _document?.Dispose();
        if (_rented is not null)
            ArrayPool<byte>.Shared.Return(_rented);
    }

    private static JsonBody Refused(ProblemResult problem, byte[]? rented = null) => new(null, rented, default, problem);

    private static async Task<(byte[] Rented, int Length)> BufferAsync(PipeReader reader, int maxBytes, CancellationToken cancellationToken)
    {
        // Grows with what arrives, not with what Content-Length promises: a promise costs a client nothing.
        byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        int length = 0;
        try
        {
            while (true)
            {
                ReadResult read = await reader.ReadAsync(cancellationToken);
                long total = length + read.Buffer.Length;
                if (total <= maxBytes)
                {
                    buffer = Grown(buffer, length, (int)total);
                    read.Buffer.CopyTo(buffer.AsSpan(length));
                }
                length = (int)Math.Min(total, int.MaxValue);
                reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted || length > maxBytes)
                    return (buffer, length);
            }
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    private static byte[] Grown(byte[] buffer, int used, int needed)
    {
        if (needed <= buffer.Length)
            return buffer;
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(needed, buffer.Length * 2L), Array.MaxLength));
        buffer.AsSpan(0, used).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
