using System.Text.Json.Nodes;

namespace AsyncApi.Patterns;

/// <summary>What the documentation shows.</summary>
internal static class PatternExamples
{
    private static readonly IPattern Gather = PatternCatalog.Find("gather")!;

    public static PatternView[] List { get; } = [PatternView.Of(Gather)];

    public static PatternPage Page { get; } = PatternPage.Of(Gather);

    public static PatternSubmission Submission { get; } = new(new JsonObject { ["seconds"] = new JsonArray(2, 0.5) });

    public static PatternOutcome Outcome { get; } = new(
        Gather.Name,
        ElapsedMs: 2001.2,
        Result: new[] { "page 1", "page 2" },
        Error: null,
        [
            new PatternSpan("fetch 1", "fetch 1", StartMs: 0.1, EndMs: 2001, SpanOutcome.Completed),
            new PatternSpan("fetch 2", "fetch 2", StartMs: 0.2, EndMs: 500.9, SpanOutcome.Completed),
        ],
        Events: []);

    public const string Stream =
        "id: 1\nevent: start\ndata: {\"startMs\":0.1,\"task\":\"fetch 1\",\"lane\":\"fetch 1\"}\n\n"
        + "id: 2\nevent: span\ndata: {\"startMs\":0.1,\"endMs\":2001,\"outcome\":\"completed\",\"task\":\"fetch 1\",\"lane\":\"fetch 1\"}\n\n"
        + "event: end\ndata: {\"pattern\":\"gather\",\"elapsedMs\":2001.2,\"result\":[\"page 1\"],\"error\":null,\"spans\":[],\"events\":[]}\n\n";
}
