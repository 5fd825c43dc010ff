using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AsyncApi.Patterns.Tests;

public sealed class PatternParametersTests
{
    [Theory]
    [InlineData("""{"count": 11}""", "count", "must be between 1 and 10")]
    [InlineData("""{"count": 1.5}""", "count", "must be a whole number")]
    [InlineData("""{"count": "3"}""", "count", "must be a whole number")]
    [InlineData("""{"count": null}""", "count", "must be a whole number")]
    [InlineData("""{"seconds": -0.1}""", "seconds", "must be between 0 and 2.5")]
    [InlineData("""{"seconds": 1e999}""", "seconds", "must be between 0 and 2.5")]
    [InlineData("""{"delays": []}""", "delays", "must have 1 to 3 elements")]
    [InlineData("""{"delays": [1, 2, 3, 4]}""", "delays", "must have 1 to 3 elements")]
    [InlineData("""{"delays": [1, 99, 3]}""", "delays[1]", "must be between 0 and 10")]
    [InlineData("""{"delays": [1, null]}""", "delays", "must be a list, each element of which must be a number")]
    [InlineData("""{"delays": null}""", "delays", "must be a list, each element of which must be a number")]
    [InlineData("""{"mode": "Fast"}""", "mode", "must be one of fast, slowAndSteady")]
    [InlineData("""{"mode": 0}""", "mode", "must be one of fast, slowAndSteady")]
    [InlineData("""{"text": "much too long"}""", "text", "must have 0 to 5 characters")]
    [InlineData("""{"flag": 1}""", "flag", "must be true or false")]
    [InlineData("""{"Count": 3}""", "Count", "is unknown; known are: count, seconds, delays, mode, text, flag")]
    [InlineData("[]", "", "must be an object")]
    public void Fault_names_its_path(string json, string path, string message)
    {
        Read(json, out Sample _).ShouldBe([new PatternFault(path, message)]);
    }

    [Fact]
    public void All_faults_come_in_one_answer()
    {
        IReadOnlyList<PatternFault> faults = Read("""{"count": 0, "delays": [11, 5, -1], "none": 1}""", out Sample _);

        faults.Select(fault => fault.Path).ShouldBe(["count", "delays[0]", "delays[2]", "none"]);
    }

    [Fact]
    public void What_is_left_out_keeps_its_default()
    {
        Read("""{"mode": "slowAndSteady", "delays": [2.5]}""", out Sample sample).ShouldBeEmpty();

        sample.Mode.ShouldBe(Mode.SlowAndSteady);
        sample.Delays.ShouldBe([2.5]);
        sample.Count.ShouldBe(3);
        sample.Text.ShouldBe("abc");
    }

    [Fact]
    public void Schema_says_type_range_default_and_meaning()
    {
        JsonNode schema = PatternParameters.Schema(typeof(Sample));

        JsonNode expected = JsonNode.Parse("""
            {
              "type": "object",
              "properties": {
                "count": { "type": "integer", "description": "How many.", "minimum": 1, "maximum": 10, "default": 3 },
                "seconds": { "type": "number", "minimum": 0, "maximum": 2.5, "default": 1 },
                "delays": { "type": "array", "items": { "type": "number", "minimum": 0, "maximum": 10 }, "minItems": 1, "maxItems": 3, "default": [1] },
                "mode": { "enum": ["fast", "slowAndSteady"], "type": "string", "default": "fast" },
                "text": { "type": "string", "minLength": 0, "maxLength": 5, "default": "abc" },
                "flag": { "type": "boolean", "default": false }
              },
              "additionalProperties": false
            }
            """)!;
        JsonNode.DeepEquals(schema, expected).ShouldBeTrue(schema.ToJsonString());
    }

    private static IReadOnlyList<PatternFault> Read(string json, out Sample sample)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        bool right = PatternParameters.TryRead(typeof(Sample), document.RootElement, out object values, out IReadOnlyList<PatternFault> faults);
        right.ShouldBe(faults.Count == 0);
        sample = (Sample)values;
        return faults;
    }

    internal enum Mode
    {
        Fast,
        SlowAndSteady,
    }

    internal sealed record Sample
    {
        [Description("How many."), Range(1, 10)]
        public int Count { get; init; } = 3;

        [Range(0.0, 2.5)]
        public double Seconds { get; init; } = 1;

        [Length(1, 3), ElementRange(0, 10)]
        public IReadOnlyList<double> Delays { get; init; } = [1];

        public Mode Mode { get; init; }

        [Length(0, 5)]
        public string Text { get; init; } = "abc";

        public bool Flag { get; init; }
    }
}
