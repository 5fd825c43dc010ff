using System.Text.Json;
using AsyncApi.Telemetry;

namespace AsyncApi.Tests.Telemetry;

public sealed class LogFormatterTests
{
    /// <summary>A new line, a colour, an 8-bit control sequence, a direction override, half a pair, and an emoji that may stay.</summary>
    private const string Hostile = "a\r\nINF forged \u001b[31m \u009b31m \u202e \ud83d 😀";

    [Fact]
    public void Readable_line_holds_time_level_short_source_message_and_request_id()
    {
        string line = LogEvents.Format(
            new ReadableLogFormatter(),
            logger => logger.ForContext("SourceContext", "AsyncApi.Jobs.JobWorker").ForContext("RequestId", "r-1").Warning("Claimed {Count} of {Kind}", 3, "fetch"));

        line.ShouldMatch(@"^\d\d:\d\d:\d\d\.\d{3} WRN JobWorker Claimed 3 of fetch \[r-1\]\n$");
    }

    [Fact]
    public void Readable_line_shows_hostile_text_escaped_and_on_one_line()
    {
        string line = LogEvents.Format(new ReadableLogFormatter(), logger => logger.ForContext("RequestId", "x\ny").Information("Got {Url} and {@Parts}", Hostile, new[] { "p\nq" }));

        line.ShouldContain(@"a\r\nINF forged \u001b[31m \u009b31m \u202e \ufffd 😀");
        line.ShouldContain(@"p\nq");
        line.ShouldContain(@"[x\ny]");
        line.Count(char.IsControl).ShouldBe(1);
    }

    [Fact]
    public void Readable_exception_is_indented_so_that_its_text_forges_no_line()
    {
        string text = LogEvents.Format(new ReadableLogFormatter(), logger => logger.Error(new InvalidOperationException("bad\n12:00:00.000 INF forged \u001b[2J"), "Failed"));

        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(3);
        lines[1..].ShouldAllBe(line => line.StartsWith("    "));
        lines[2].ShouldEndWith(@"\u001b[2J");
    }

    [Fact]
    public void Compact_line_is_json_that_gives_back_what_was_logged()
    {
        string line = LogEvents.Format(
            new CompactLogFormatter(),
            logger => logger.ForContext("RequestId", "r-1").ForContext("@odd", 1).Error(new InvalidOperationException("why"), "Got {Url} in {Ms}", Hostile, 1.5));

        line.Count(char.IsControl).ShouldBe(1);
        line.ShouldNotContain('\u202e');
        JsonElement json = JsonDocument.Parse(line).RootElement;
        json.GetProperty("@t").GetString()!.ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$");
        json.GetProperty("@l").GetString().ShouldBe("Error");
        json.GetProperty("@m").GetString()!.ShouldStartWith("Got a\r\nINF forged");
        json.GetProperty("@x").GetString()!.ShouldContain("why");
        json.GetProperty("RequestId").GetString().ShouldBe("r-1");
        json.GetProperty("Ms").GetDouble().ShouldBe(1.5);
        json.GetProperty("@@odd").GetInt32().ShouldBe(1);
    }

    [Fact]
    public void Compact_line_leaves_out_the_ordinary_level_and_what_is_not_there()
    {
        string line = LogEvents.Format(new CompactLogFormatter(), logger => logger.Information("Hello"));

        JsonDocument.Parse(line).RootElement.EnumerateObject().Select(member => member.Name).ShouldBe(["@t", "@m"]);
    }
}
