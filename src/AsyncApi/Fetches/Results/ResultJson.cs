using System.Text.Json;
using System.Text.Unicode;
using AsyncApi.Fetching;
using AsyncApi.Http;
using AsyncApi.Http.Input;

namespace AsyncApi.Fetches.Results;

/// <summary>A result on its way to a client: the row, its body when that was asked for, and what was asked for.</summary>
internal readonly record struct ResultShown(ResultRow Row, byte[]? Body, ResultQuery Query);

/// <summary>Writes results in the contract's shape and order of members.</summary>
internal static class ResultJson
{
    // A body is written in parts, since the writer would otherwise claim room for the worst case of all of it at once.
    private const int BodyPart = 24 * 1024;

    /// <summary>Writes one object. What is not text in UTF-8 without NUL goes out in base64, byte for byte.</summary>
    public static void Write(Utf8JsonWriter json, ResultShown shown)
    {
        ResultRow row = shown.Row;
        json.WriteStartObject();
        json.WriteNumber("seq", row.Seq);
        json.WriteNumber("index", row.Index);
        json.WriteString("tag", row.Tag);
        json.WriteString("method", row.Method);
        json.WriteString("url", row.Url);
        json.WriteString("finalUrl", row.FinalUrl ?? row.Url);
        WriteOutcome(json, row);
        json.WriteNumber("attempts", row.Attempts);
        WriteTimes(json, row);
        json.WriteString("contentType", row.ContentType);
        json.WriteNumber("bodyBytes", row.BodyBytes);
        json.WriteBoolean("bodyTruncated", row.BodyTruncated);
        if (shown.Query.IncludesHeaders)
            WriteHeaders(json, row.Headers);
        if (shown.Query.IncludesBody)
            WriteBody(json, shown.Body);
        if (shown.Query.IncludesAttempts)
            WriteAttempts(json, row);
        json.WriteEndObject();
    }

    /// <summary>Microseconds as the milliseconds that clients see, with one decimal.</summary>
    public static decimal Milliseconds(long microseconds) => (microseconds + 50) / 100 * 0.1m;

    private static void WriteOutcome(Utf8JsonWriter json, ResultRow row)
    {
        json.WriteString("outcome", EnumNames<FetchOutcome>.Of(row.Outcome));
        if (row.Status == 0)
            json.WriteNull("status");
        else
            json.WriteNumber("status", row.Status);
        json.WriteString("reason", row.Reason == FetchReason.None ? null : EnumNames<FetchReason>.Of(row.Reason));
        json.WriteString("message", row.Message);
    }

    private static void WriteTimes(Utf8JsonWriter json, ResultRow row)
    {
        if (row.StartedAt is { } startedAt)
        {
            Span<byte> text = stackalloc byte[Timestamp.Length];
            Timestamp.Format(startedAt, text);
            json.WriteString("startedAt", text);
        }
        else
        {
            json.WriteNull("startedAt");
        }

        json.WriteNumber("durationMs", Milliseconds(row.DurationMicroseconds));
        json.WriteNumber("waitedMs", Milliseconds(row.WaitedMicroseconds));
    }

    private static void WriteAttempts(Utf8JsonWriter json, ResultRow row)
    {
        json.WritePropertyName("timeline");
        if (row.Timeline is not null)
            json.WriteRawValue(row.Timeline, skipInputValidation: true);
        else
            JsonSerializer.Serialize(json, OnlyAttempt(row), JsonDefaults.Options);
    }

    private static AttemptView[] OnlyAttempt(ResultRow row) => row is not { Attempts: 1, StartedAt: { } startedAt }
        ? []
        : [new AttemptView
        {
            StartedAt = startedAt,
            WaitedFor = row.WaitedFor is FetchWaitReason.None ? null : row.WaitedFor,
            WaitedMs = (double)Milliseconds(row.WaitedMicroseconds),
            FirstByteMs = row.FirstByteMicroseconds is { } firstByte ? (double)Milliseconds(firstByte) : null,
            DurationMs = (double)Milliseconds(row.DurationMicroseconds),
            Address = row.Address,
            Status = row.Status == 0 ? null : row.Status,
            Reason = row.Reason is FetchReason.None ? null : row.Reason,
        }];

    private static void WriteHeaders(Utf8JsonWriter json, byte[]? headers)
    {
        json.WritePropertyName("headers");
        if (headers is null)
            json.WriteNullValue();
        else
            json.WriteRawValue(headers, skipInputValidation: true);
    }

    private static void WriteBody(Utf8JsonWriter json, byte[]? body)
    {
        json.WritePropertyName("body");
        if (body is null)
        {
            json.WriteNullValue();
            json.WriteNull("bodyEncoding");
            return;
        }

        bool isText = Utf8.IsValid(body) && !body.AsSpan().Contains((byte)0);
        ReadOnlySpan<byte> left = body;
        do
        {
            ReadOnlySpan<byte> part = left[..Math.Min(left.Length, BodyPart)];
            left = left[part.Length..];
            if (isText)
                json.WriteStringValueSegment(part, isFinalSegment: left.IsEmpty);
            else
                json.WriteBase64StringSegment(part, isFinalSegment: left.IsEmpty);
        }
        while (!left.IsEmpty);
        json.WriteString("bodyEncoding", isText ? "utf8" : "base64");
    }
}
