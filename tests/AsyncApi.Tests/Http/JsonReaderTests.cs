using System.Buffers;
using System.Text;
using System.Text.Json;
using AsyncApi.Http.Input;
using FaultList = System.Collections.Generic.IReadOnlyList<AsyncApi.Http.Input.Fault>;

namespace AsyncApi.Tests.Http;

public sealed class JsonReaderTests
{
    private enum Shade
    {
        Black,
        DarkGrey,
    }

    [Fact]
    public void Every_kind_of_member_is_read()
    {
        (JsonObjectReader reader, Faults faults) = Read("""
            {"text":"é","whole":3.0,"big":9007199254740993,"real":1.5e-3,"flag":true,"shade":"darkGrey","at":"2026-11-20T09:15:30.123+01:00",
             "id":"0190a8b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b","bytes":"AQI=","map":{"X-A":"1","x y":""},"list":["a","b"],"numbers":[1,2],
             "inner":{"a":1},"raw":[{}],"none":null}
            """);

        reader.String("text", maxLength: 1, maxBytes: 2).ShouldBe("é");
        reader.Int32("whole").ShouldBe(3);
        reader.Int64("big").ShouldBe(9007199254740993);
        reader.Double("real").ShouldBe(0.0015);
        reader.Bool("flag").ShouldBe(true);
        reader.Enum<Shade>("shade").ShouldBe(Shade.DarkGrey);
        reader.Timestamp("at").ShouldBe(new DateTimeOffset(2026, 11, 20, 8, 15, 30, 123, TimeSpan.Zero));
        reader.Guid("id").ShouldBe(Guid.Parse("0190a8b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b"));
        reader.Base64("bytes", maxBytes: 2).ShouldBe([1, 2]);
        reader.StringMap("map", maxCount: 2).ShouldBe(new Dictionary<string, string> { ["X-A"] = "1", ["x y"] = "" });
        reader.Array("list", max: 2)!.Strings().ShouldBe(["a", "b"]);
        reader.Array("numbers", max: 2)!.Int32s(1, 2).ShouldBe([1, 2]);
        reader.Object("inner")!.Int32("a").ShouldBe(1);
        reader.Raw("raw")!.Value.GetArrayLength().ShouldBe(1);
        reader.String("none").ShouldBeNull();
        reader.Names("none").ShouldBeTrue();
        reader.Has("none").ShouldBeFalse();
        reader.Complete();

        faults.List.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("\"2026-11-20\"")]
    [InlineData("\"2026-11-20T08:15:30\"")]
    [InlineData("\"2026-11-20T08:15Z\"")]
    [InlineData("\"2026-13-20T08:15:30Z\"")]
    [InlineData("\"20.11.2026 08:15:30\"")]
    [InlineData("1700000000")]
    public void Timestamp_that_is_not_rfc3339_is_a_fault(string value) =>
        FaultsOf($"{{\"at\":{value}}}", reader => reader.Timestamp("at")).Single().Path.ShouldBe("at");

    [Theory]
    [InlineData("\"DarkGrey\"")]
    [InlineData("\"dark_grey\"")]
    [InlineData("\"1\"")]
    [InlineData("\"\"")]
    public void Enum_has_one_spelling(string value) =>
        FaultsOf($"{{\"shade\":{value}}}", reader => reader.Enum<Shade>("shade")).Single().Message.ShouldBe($"must be one of black, darkGrey, was {value}");

    [Fact]
    public void Size_in_bytes_is_counted_in_utf8() =>
        FaultsOf("{\"text\":\"éé\"}", reader => reader.String("text", maxBytes: 3)).Single().Message.ShouldBe("may have 3 bytes of UTF-8");

    [Fact]
    public void Base64_is_checked_for_form_and_size()
    {
        FaultsOf("{\"b\":\"A\"}", reader => reader.Base64("b", 10)).Single().Message.ShouldBe("must be base64");
        FaultsOf("{\"b\":\"AQID\"}", reader => reader.Base64("b", 2)).Single().Message.ShouldBe("may have 2 bytes, has 3");
    }

    [Fact]
    public void Map_names_each_faulty_value()
    {
        FaultList faults = FaultsOf("{\"headers\":{\"a\":1,\"b\":\"x\",\"c d\":null}}", reader => reader.StringMap("headers", 5));

        faults.ShouldBe([new Fault("headers.a", "must be a string, was a number"), new Fault("headers[\"c d\"]", "must be a string, was null")]);
    }

    [Fact]
    public void Input_is_quoted_escaped_and_cut()
    {
        string longText = new('x', 500);

        Quoted.Of("a\"b\\\r\n\u001b[31m\u202e").ShouldBe("\"a\\\"b\\\\\\u000d\\u000a\\u001b[31m\\u202e\"");
        Quoted.Of(longText).ShouldBe($"\"{new string('x', 100)}…\"");
        FaultsOf($"{{\"{longText}\":1}}", _ => null).Single().Path.ShouldBe($"[\"{new string('x', 100)}…\"]");
    }

    [Fact]
    public void Only_a_hundred_faults_are_listed_and_all_counted()
    {
        (JsonObjectReader reader, Faults faults) = Read($"{{\"list\":[{string.Join(',', Enumerable.Repeat("1", 250))}]}}");

        reader.Array("list", max: 250)!.Strings().Count().ShouldBe(250);

        (faults.Count, faults.List.Count, faults.List[99].Path).ShouldBe((250, 100, "list[99]"));
    }

    [Fact]
    public void Faults_of_a_line_stand_under_its_number()
    {
        Faults line = new();
        line.Add("url", "is required");
        line.Add("", "not JSON");
        Faults all = new();

        all.AddUnder("line 17", line);

        all.List.ShouldBe([new Fault("line 17", "url is required"), new Fault("line 17", "not JSON")]);
    }

    [Fact]
    public void Member_that_is_not_built_is_a_fault_only_when_given()
    {
        FaultsOf("{\"callback\":null}", reader => { reader.NotBuilt("callback"); return null; }).ShouldBeEmpty();
        FaultsOf("{\"callback\":{}}", reader => { reader.NotBuilt("callback"); return null; }).Single().Message
            .ShouldBe("callback is named by the contract, but not available in this version");
    }

    [Fact]
    public void Line_across_segments_is_read_like_any_other()
    {
        Segment first = new("{\"name\":\"\\ud83"u8.ToArray());
        Segment last = first.Append("d\\ude00\"}"u8.ToArray());

        StrictJson.TryParse(new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length), out JsonDocument? document, out string? fault).ShouldBeTrue(fault);

        using (document)
            document!.RootElement.GetProperty("name").GetString().ShouldBe("\U0001F600");
    }

    [Fact]
    public void List_of_a_hundred_thousand_objects_is_read_in_one_go()
    {
        string list = string.Join(',', Enumerable.Range(0, 100_000).Select(i => $"{{\"url\":\"https://example.com/{i}\",\"tag\":\"{i}\"}}"));

        (JsonObjectReader reader, Faults faults) = Read($"{{\"requests\":[{list}]}}");
        int read = 0;
        foreach (JsonObjectReader request in reader.Array("requests", max: 100_000)!.Objects())
        {
            request.String("url", maxLength: 8192, required: true).ShouldEndWith(request.String("tag")!);
            request.Complete();
            read++;
        }
        reader.Complete();

        (read, faults.Any).ShouldBe((100_000, false));
    }

    private static FaultList FaultsOf(string json, Func<JsonObjectReader, object?> read)
    {
        (JsonObjectReader reader, Faults faults) = Read(json);
        read(reader);
        reader.Complete();
        return faults.List;
    }

    private static (JsonObjectReader Reader, Faults Faults) Read(string json)
    {
        StrictJson.TryParse(Encoding.UTF8.GetBytes(json), out JsonDocument? document, out string? fault).ShouldBeTrue(fault);
        Faults faults = new();
        return (new JsonObjectReader(document!.RootElement, faults), faults);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] bytes) => Memory = bytes;

        public Segment Append(byte[] bytes)
        {
            Segment next = new(bytes) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
