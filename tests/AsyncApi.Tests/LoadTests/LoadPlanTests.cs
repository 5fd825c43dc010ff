using System.Text.Json;
using AsyncApi.Http.Input;
using AsyncApi.LoadTests;

namespace AsyncApi.Tests.LoadTests;

public sealed class LoadPlanTests
{
    [Theory]
    [InlineData("", 1_000, 50, 60, null)]
    [InlineData(""","concurrency":200,"requests":1000000""", 1_000_000, 200, 60, null)]
    [InlineData(""","durationSeconds":5""", 1_000_000, 50, 5, null)]
    [InlineData(""","durationSeconds":5,"requests":7""", 7, 50, 5, null)]
    [InlineData(""","requestsPerSecond":100""", 1_000, 200, 60, 100.0)]
    [InlineData(""","requestsPerSecond":0.5""", 30, 200, 60, 0.5)]
    [InlineData(""","requestsPerSecond":0.5,"durationSeconds":3,"concurrency":3""", 2, 3, 3, 0.5)]
    [InlineData(""","requestsPerSecond":100,"durationSeconds":3,"requests":50""", 50, 200, 3, 100.0)]
    public void What_is_left_out_has_its_default(string more, int requests, int concurrency, double seconds, double? rate)
    {
        LoadPlan plan = Read(more, out string[] faults)!;

        faults.ShouldBeEmpty();
        (plan.Requests, plan.Concurrency, plan.DurationSeconds, plan.RequestsPerSecond).ShouldBe((requests, concurrency, seconds, rate));
        (plan.Method, plan.Headers.Count, plan.Body).ShouldBe(("GET", 0, null));
    }

    [Theory]
    [InlineData(""","requests":0""", "requests")]
    [InlineData(""","requests":1000001""", "requests")]
    [InlineData(""","concurrency":201""", "concurrency")]
    [InlineData(""","durationSeconds":61""", "durationSeconds")]
    [InlineData(""","durationSeconds":0""", "durationSeconds")]
    [InlineData(""","requestsPerSecond":10001""", "requestsPerSecond")]
    [InlineData(""","method":"get" """, "method")]
    [InlineData(""","headers":{"Host":"other"}""", "headers.Host")]
    [InlineData(""","body":"a","bodyBase64":"YQ==" """, "bodyBase64")]
    [InlineData(""","rps":5""", "rps")]
    [InlineData(""","url":7""", "url")]
    public void What_is_wrong_is_named(string more, string path)
    {
        Read(more, out string[] faults).ShouldBeNull();

        faults.ShouldBe([path]);
    }

    private static LoadPlan? Read(string more, out string[] faults)
    {
        string url = more.Contains("\"url\"", StringComparison.Ordinal) ? "" : "\"url\":\"http://target/\"";
        using JsonDocument body = JsonDocument.Parse($"{{{(url + more).TrimStart(',')}}}");
        Faults found = new();
        LoadPlan? plan = LoadPlan.Read(new JsonObjectReader(body.RootElement, found));
        faults = [.. found.List.Select(fault => fault.Path)];
        return plan;
    }
}
