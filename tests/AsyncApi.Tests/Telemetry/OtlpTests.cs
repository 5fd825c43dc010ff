using System.Collections.Concurrent;
using System.Net;
using System.Text;
using AsyncApi.Telemetry;
using AsyncApi.Tests.Fetches;
using AsyncApi.Tests.Items;
using AsyncApi.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Exporter;

namespace AsyncApi.Tests.Telemetry;

public sealed class OtlpTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<(string Path, string Text)> _received = [];
    private readonly ConcurrentQueue<string> _headers = [];
    private TargetServer _collector = null!;

    public async ValueTask InitializeAsync() => _collector = await TargetServer.StartAsync(app =>
    {
        app.MapPost("/v1/{signal}", ReceiveAsync);
        app.MapGet("/seen", context =>
        {
            foreach (string name in context.Request.Headers.Keys)
                _headers.Enqueue(name.ToLowerInvariant());
            return Task.CompletedTask;
        });
    });

    public ValueTask DisposeAsync() => _collector.DisposeAsync();

    [Fact]
    public async Task Metrics_and_traces_are_sent_to_the_endpoint_that_is_set()
    {
        await using ServiceUnderTest service = await StartAsync();

        using HttpResponseMessage answer = await service.PostAsync("/items", ItemCalls.Body("some text"), headers: ("X-Request-Id", "traced-to-its-job"));
        await service.ItemOverAsync(answer.Headers.Location!.ToString());
        using HttpResponseMessage queried = await service.GetAsync("/items?limit=hushhush");
        using HttpResponseMessage quiet = await service.GetAsync("/health/live");

        await ReceivesAsync("/v1/metrics", "asyncapi.jobs.ended", "http.server.request.duration", "service.name", "AsyncApi", "service.instance.id");
        await ReceivesAsync("/v1/traces", "item", "asyncapi.request.id", "traced-to-its-job", "completed");
        await ReceivesAsync("/v1/traces", "POST /items/", "asyncapi.request.id", "traced-to-its-job", "http.response.status_code");
        await ReceivesAsync("/v1/traces", "GET /items/", "limit=");
        _received.ShouldAllBe(message => !message.Text.Contains("hushhush", StringComparison.Ordinal));
        _received.Where(message => message.Path == "/v1/traces").ShouldAllBe(message => !message.Text.Contains("/health", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Service_goes_by_the_name_that_it_is_given()
    {
        await using ServiceUnderTest service = await StartAsync(("OTEL_SERVICE_NAME", "night-shift"));

        await ReceivesAsync("/v1/metrics", "night-shift");
    }

    [Fact]
    public async Task Requests_of_fetches_carry_no_trace_outwards()
    {
        await using ServiceUnderTest service = await StartAsync();

        await service.OverAsync(await service.SubmitAsync(ServiceCalls.Batch([_collector.Url("seen")]), headers: ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")));

        await ReceivesAsync("/v1/traces", "fetch");
        _headers.ShouldNotBeEmpty();
        _headers.ShouldNotContain("traceparent");
        _headers.ShouldNotContain("baggage");
    }

    [Theory]
    [InlineData("localhost:4318", null)]
    [InlineData("ftp://localhost/", null)]
    [InlineData("http://localhost:4318", "http/json")]
    public void Setting_that_makes_no_sense_is_named(string endpoint, string? protocol) =>
        Should.Throw<InvalidOperationException>(() => OtlpEndpoint.IsSet(Configuration(endpoint, protocol))).Message.ShouldStartWith("OTEL_EXPORTER_OTLP_");

    [Theory]
    [InlineData(null, null, false)]
    [InlineData("", null, false)]
    [InlineData("http://localhost:4317", null, true)]
    [InlineData("https://collector.example/", "http/protobuf", true)]
    public void Nothing_is_sent_without_an_endpoint(string? endpoint, string? protocol, bool sends) =>
        OtlpEndpoint.IsSet(Configuration(endpoint, protocol)).ShouldBe(sends);

    [Theory]
    [InlineData(null, 1500)]
    [InlineData("3000", 10_000)]
    public void Collector_that_hangs_holds_up_no_stop_unless_it_is_given_time(string? configured, int expected)
    {
        // Not yet read from the variable, which is the package's to do.
        OtlpExporterOptions options = new() { TimeoutMilliseconds = 10_000 };

        OtlpEndpoint.Configure(options, new ConfigurationBuilder().AddInMemoryCollection([new("OTEL_EXPORTER_OTLP_TIMEOUT", configured)]).Build());

        options.TimeoutMilliseconds.ShouldBe(expected);
    }

    private Task<ServiceUnderTest> StartAsync(params (string Key, string Value)[] more) => ServiceUnderTest.StartAsync(
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", _collector.Address.ToString()),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "200"),
        ("OTEL_BSP_SCHEDULE_DELAY", "100"),
        .. more,
    ]);

    /// <summary>Waits for a message with these texts. In protobuf's form texts stand as they are.</summary>
    private Task ReceivesAsync(string path, params string[] texts) => Eventually.Until(
        () => _received.Any(message => message.Path == path && texts.All(text => message.Text.Contains(text, StringComparison.Ordinal))),
        text: $"{path} with {string.Join(", ", texts)}");

    private async Task ReceiveAsync(HttpContext context)
    {
        using StreamReader body = new(context.Request.Body, Encoding.Latin1);
        _received.Enqueue((context.Request.Path, await body.ReadToEndAsync(context.RequestAborted)));
        context.Response.StatusCode = (int)HttpStatusCode.OK;
        context.Response.ContentType = "application/x-protobuf";
    }

    private static IConfiguration Configuration(string? endpoint, string? protocol) => new ConfigurationBuilder()
        .AddInMemoryCollection([new("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint), new("OTEL_EXPORTER_OTLP_PROTOCOL", protocol)])
        .Build();
}
