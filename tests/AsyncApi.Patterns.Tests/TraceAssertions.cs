namespace AsyncApi.Patterns.Tests;

/// <summary>Questions to a trace.</summary>
internal static class TraceAssertions
{
    extension(PatternOutcome outcome)
    {
        public PatternSpan Span(string task) => outcome.Spans.ShouldHaveSingleItem(task);

        /// <summary>What one task said, or all.</summary>
        public IReadOnlyList<string> Said(string? task = null)
            => [.. outcome.Events.Where(said => task is null || said.Task == task).Select(said => said.Message)];

        /// <summary>When a message was said, which was said once.</summary>
        public double TimeOf(string message) => outcome.Events.Where(said => said.Message == message).ShouldHaveSingleItem().AtMs;

        /// <summary>The most spans that were open at the same instant; one that ends where another starts doesn't overlap it.</summary>
        public int MostAtOnce() => outcome.Spans.Max(one => outcome.Spans.Count(other => other.StartMs <= one.StartMs && one.StartMs < other.EndMs));
    }

    private static PatternSpan ShouldHaveSingleItem(this IEnumerable<PatternSpan> spans, string task)
        => spans.Where(span => span.Task == task).ShouldHaveSingleItem();
}
