using System.Text.Json;
using AsyncApi.Fetching;

namespace AsyncApi.Fetches.Results;

/// <summary>What became of one request.</summary>
// For the document alone: results themselves are written by ResultJson.
internal sealed record ResultView
{
    public required int Seq { get; init; }

    public required int Index { get; init; }

    public string? Tag { get; init; }

    public required string Method { get; init; }

    public required string Url { get; init; }

    public required string FinalUrl { get; init; }

    public required FetchOutcome Outcome { get; init; }

    public int? Status { get; init; }

    public FetchReason? Reason { get; init; }

    public string? Message { get; init; }

    public required int Attempts { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public required decimal DurationMs { get; init; }

    public required decimal WaitedMs { get; init; }

    public string? ContentType { get; init; }

    public required long BodyBytes { get; init; }

    public required bool BodyTruncated { get; init; }

    /// <summary>With <c>include=headers</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Headers { get; init; }

    /// <summary>With <c>include=body</c>.</summary>
    public string? Body { get; init; }

    /// <summary>With <c>include=body</c>: <c>utf8</c> or <c>base64</c>.</summary>
    public string? BodyEncoding { get; init; }

    /// <summary>With <c>include=attempts</c>: every attempt in order.</summary>
    public IReadOnlyList<AttemptView>? Timeline { get; init; }
}

/// <summary>What the documentation shows.</summary>
internal static class ResultExamples
{
    public static JsonElement One { get; } = JsonElement.Parse(
        """
        {
          "seq": 17, "index": 3, "tag": "order-17", "method": "GET", "url": "https://example.com/a", "finalUrl": "https://example.com/a",
          "outcome": "succeeded", "status": 200, "reason": null, "message": null, "attempts": 2,
          "startedAt": "2026-11-20T08:15:30.123Z", "durationMs": 35.2, "waitedMs": 10.0,
          "contentType": "text/html; charset=utf-8", "bodyBytes": 5120, "bodyTruncated": false
        }
        """);

    public static object Page { get; } = new { items = new[] { One }, nextCursor = (string?)null };

    public const string Table =
        "seq,index,tag,method,url,finalUrl,outcome,status,reason,message,attempts,startedAt,durationMs,waitedMs,contentType,bodyBytes,bodyTruncated\r\n"
        + "17,3,order-17,GET,https://example.com/a,https://example.com/a,succeeded,200,,,2,2026-11-20T08:15:30.123Z,35.2,10,text/html,5120,false\r\n";

    public const string Lines =
        """
        {"seq":1,"index":3,"outcome":"succeeded","status":200}
        {"end":true,"status":"completed","counts":{"total":1,"pending":0,"running":0,"succeeded":1,"failed":0,"cancelled":0}}
        """;

    public const string Events =
        """
        id: 1
        event: result
        data: {"seq":1,"index":3,"outcome":"succeeded","status":200}

        event: progress
        data: {"total":1,"pending":0,"running":0,"succeeded":1,"failed":0,"cancelled":0}

        id: 1
        event: end
        data: {"status":"completed"}
        """;
}
