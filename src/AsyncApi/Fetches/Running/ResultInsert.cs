using System.Net;
using AsyncApi.Fetching;
using AsyncApi.Storage;

namespace AsyncApi.Fetches.Running;

/// <summary>How results enter the database: the hot path of every fetch. For one command.</summary>
internal sealed class ResultInsert(WriteSession session, bool keepsFiles)
{
    private static readonly BulkTable Results = new(
        "fetch_results", "id", "request_id", "outcome", "reason", "message", "status", "attempts", "started_at", "duration_us", "waited_us",
        "waited_for", "first_byte_us", "address", "timeline", "final_url", "content_type", "headers", "body_bytes", "body_truncated", "body_place");

    private static readonly BulkTable Bodies = new("fetch_bodies", "id", "body");

    private static readonly BulkTable Parts = new("fetch_body_parts", "id", "part", "body");

    private readonly BulkInsert _result = session.Insert(Results);
    private readonly BulkInsert _body = session.Insert(Bodies);
    private IPEndPoint? _lastAddress;
    private string? _lastAddressText;

    public async ValueTask AddAsync(
        long rowKey, long requestKey, FetchResult result, StoredParts parts, bool storeBody, CancellationToken token)
    {
        BodyPlace place = storeBody ? PlaceOf(result.Body) : BodyPlace.None;
        Begin(rowKey, requestKey, result.Outcome, result.Reason, result.Message);
        _result.Int32(result.Status);
        AddCourse(result, parts.Timeline.Span);
        _result.TextOrNull(result.FinalUrl?.AbsoluteUri);
        _result.TextOrNull(result.ContentType);
        AddJson(parts.Headers.Span);
        _result.Int64(result.Body.Length);
        _result.Bool(result.Body.Truncated);
        _result.Int32((int)place);
        await _result.EndRowAsync(token);
        if (place == BodyPlace.Row)
        {
            _body.Int64(rowKey);
            _body.Blob(result.Body.Memory.Span);
            await _body.EndRowAsync(token);
        }
        else if (place == BodyPlace.Parts)
        {
            await AddPartsAsync(rowKey, result.Body.File!, token);
        }
    }

    /// <summary>A result without an answer: refused, or cancelled.</summary>
    public ValueTask AddAsync(
        long rowKey, long requestKey, FetchReason reason, string message, CancellationToken token, FetchResult? made = null, StoredParts parts = default)
    {
        Begin(rowKey, requestKey, FetchReasons.OutcomeOf(reason), reason, message);
        _result.Int32(0);
        AddCourse(made, parts.Timeline.Span);
        _result.Null();
        _result.Null();
        _result.Null();
        _result.Int64(0);
        _result.Bool(false);
        _result.Int32((int)BodyPlace.None);
        return _result.EndRowAsync(token);
    }

    private BodyPlace PlaceOf(FetchBody body) => body switch
    {
        { Length: 0 } => BodyPlace.None,
        { File: null } => BodyPlace.Row,
        _ => keepsFiles ? BodyPlace.Parts : BodyPlace.File,
    };

    private async ValueTask AddPartsAsync(long rowKey, string file, CancellationToken token)
    {
        BulkInsert parts = session.Insert(Parts);
        await using FileStream body = new(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
        byte[] buffer = new byte[BodyPartRow.Size];
        int read;
        for (int part = 0; (read = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, token)) > 0; part++)
        {
            parts.Int64(rowKey);
            parts.Int32(part);
            parts.Blob(buffer.AsSpan(0, read));
            await parts.EndRowAsync(token);
        }
    }

    private void Begin(long rowKey, long requestKey, FetchOutcome outcome, FetchReason reason, string? message)
    {
        _result.Int64(rowKey);
        _result.Int64(requestKey);
        _result.Int32((int)outcome);
        _result.Int32((int)reason);
        _result.TextOrNull(message);
    }

    private void AddCourse(FetchResult? made, ReadOnlySpan<byte> timeline)
    {
        _result.Int32(made?.Attempts ?? 0);
        _result.Int64(made?.StartedAt.ToUnixTimeMilliseconds());
        _result.Int64((long)(made?.Duration.TotalMicroseconds ?? 0));
        _result.Int64((long)(made?.Waited.TotalMicroseconds ?? 0));
        FetchAttempt? only = timeline.IsEmpty && made is { Timeline: [var attempt] } ? attempt : null;
        _result.Int32OrNull((int?)only?.WaitedFor);
        _result.Int64((long?)only?.FirstByte?.TotalMicroseconds);
        AddAddress(only?.Address);
        AddJson(timeline);
    }

    private void AddAddress(IPEndPoint? address)
    {
        // Of the requests to one host most go to one address.
        if (!ReferenceEquals(address, _lastAddress))
        {
            (_lastAddress, _lastAddressText) = (address, address?.ToString());
        }

        _result.TextOrNull(_lastAddressText);
    }

    private void AddJson(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty)
        {
            _result.Null();
        }
        else
        {
            _result.Blob(json);
        }
    }
}
