using System.Net;
using System.Threading.Channels;
using AsyncApi.Http.Input;
using AsyncApi.Http.Problems;
using AsyncApi.Http.Streams;
using AsyncApi.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AsyncApi.Tests.Http;

public sealed class StreamTests : IAsyncLifetime
{
    private readonly Channel<string> _feed = Channel.CreateBounded<string>(10);
    private readonly ManualTime _time = new();
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private HttpTestApp _app = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _app = await HttpTestApp.StartAsync(app =>
    {
        app.MapGet("/ndjson", WriteLinesAsync);
        app.MapGet("/flood", FloodAsync);
        app.MapGet("/sse", WriteEventsAsync);
        app.MapGet("/resume", IResult (HttpRequest request) =>
        {
            Faults faults = new();
            long? last = LastEventId.Read(request, faults);
            return faults.Any ? Problem.Validation(faults) : last is null ? TypedResults.Text("new") : SseWriter.NothingLeft;
        });
    });

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Theory]
    [InlineData(NdjsonWriter.MediaType)]
    [InlineData(NdjsonWriter.OtherMediaType)]
    public async Task Lines_arrive_one_by_one_and_end_with_a_record(string mediaType)
    {
        using HttpResponseMessage response = await OpenAsync($"/ndjson?type={mediaType}");
        response.Content.Headers.ContentType?.MediaType.ShouldBe(mediaType);
        response.Headers.CacheControl?.ToString().ShouldBe("no-cache");
        response.Headers.GetValues("X-Accel-Buffering").ShouldBe(["no"]);
        using StreamReader reader = new(await response.Content.ReadAsStreamAsync(Token));

        await _feed.Writer.WriteAsync("one\ntwo é", Token);
        (await reader.ReadLineAsync(Token)).ShouldBe("{\"text\":\"one\\ntwo é\"}");
        await _feed.Writer.WriteAsync("three", Token);
        (await reader.ReadLineAsync(Token)).ShouldBe("{\"text\":\"three\"}");
        _feed.Writer.Complete();

        (await reader.ReadLineAsync(Token)).ShouldBe("{\"end\":true,\"lines\":2}");
        (await reader.ReadLineAsync(Token)).ShouldBeNull();
    }

    [Fact]
    public async Task Reader_that_leaves_ends_the_stream()
    {
        using (HttpResponseMessage response = await OpenAsync("/flood"))
        {
            Stream stream = await response.Content.ReadAsStreamAsync(Token);
            await stream.ReadExactlyAsync(new byte[1000], Token);
        }

        await _left.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);
    }

    [Fact]
    public async Task Events_carry_id_name_and_data_of_many_lines()
    {
        using HttpResponseMessage response = await OpenAsync("/sse");
        response.Content.Headers.ContentType?.ToString().ShouldBe("text/event-stream");
        using StreamReader reader = new(await response.Content.ReadAsStreamAsync(Token));
        await _feed.Writer.WriteAsync("a\r\nb\rc\n", Token);
        _feed.Writer.Complete();

        string text = await reader.ReadToEndAsync(Token);

        text.ShouldBe("retry: 2000\n\nid: 1\nevent: text\ndata: a\ndata: b\ndata: c\ndata: \n\nevent: json\ndata: {\"n\":1}\n\n");
    }

    [Fact]
    public async Task Idle_stream_beats_every_fifteen_seconds()
    {
        using HttpResponseMessage response = await OpenAsync("/sse");
        using StreamReader reader = new(await response.Content.ReadAsStreamAsync(Token));
        (await reader.ReadLineAsync(Token)).ShouldBe("retry: 2000");
        (await reader.ReadLineAsync(Token)).ShouldBeEmpty();

        for (int beat = 0; beat < 2; beat++)
        {
            await Eventually.Until(() => _time.ActiveTimers > 0);
            _time.Advance(SseWriter.HeartbeatInterval - TimeSpan.FromMilliseconds(1));
            _time.ActiveTimers.ShouldBe(1);
            _time.Advance(TimeSpan.FromMilliseconds(1));
            (await reader.ReadLineAsync(Token)).ShouldBe(":");
            (await reader.ReadLineAsync(Token)).ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData(null, HttpStatusCode.OK)]
    [InlineData("17", HttpStatusCode.NoContent)]
    [InlineData("x", HttpStatusCode.BadRequest)]
    [InlineData("-1", HttpStatusCode.BadRequest)]
    [InlineData("99999999999999999999", HttpStatusCode.BadRequest)]
    public async Task Last_event_id_is_a_whole_number_or_a_fault(string? id, HttpStatusCode status)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/resume");
        if (id is not null)
            request.Headers.Add("Last-Event-ID", id);

        using HttpResponseMessage response = await _app.Client.SendAsync(request, Token);

        response.StatusCode.ShouldBe(status);
    }

    private Task<HttpResponseMessage> OpenAsync(string path) => _app.Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Token);

    private async Task WriteLinesAsync(HttpContext context, string type, CancellationToken cancellationToken)
    {
        await using NdjsonWriter writer = await NdjsonWriter.StartAsync(context, type, cancellationToken);
        int lines = 0;
        await foreach (string text in _feed.Reader.ReadAllAsync(cancellationToken))
        {
            lines++;
            writer.WriteLine(text, static (json, value) =>
            {
                json.WriteStartObject();
                json.WriteString("text", value);
                json.WriteEndObject();
            });
            await writer.FlushAsync(cancellationToken);
        }
        await writer.EndAsync(lines, static (json, count) => json.WriteNumber("lines", count), cancellationToken);
    }

    private async Task FloodAsync(HttpContext context)
    {
        try
        {
            await using NdjsonWriter writer = await NdjsonWriter.StartAsync(context, NdjsonWriter.MediaType, context.RequestAborted);
            bool there = true;
            while (there)
            {
                writer.WriteLine("x", static (json, value) => json.WriteStringValue(value));
                there = await writer.FlushAsync(CancellationToken.None);
            }
        }
        finally
        {
            _left.SetResult();
        }
    }

    private async Task WriteEventsAsync(HttpContext context, CancellationToken cancellationToken)
    {
        await using SseWriter writer = await SseWriter.StartAsync(context, _time, TimeSpan.FromSeconds(2), cancellationToken);
        long id = 0;
        while (await writer.WaitAsync(_feed.Reader.WaitToReadAsync(cancellationToken).AsTask(), cancellationToken))
        {
            while (_feed.Reader.TryRead(out string? text))
                writer.WriteText(++id, "text", text);
            await writer.FlushAsync(cancellationToken);
        }
        writer.Write(null, "json", 1, static (json, n) =>
        {
            json.WriteStartObject();
            json.WriteNumber("n", n);
            json.WriteEndObject();
        });
        await writer.FlushAsync(cancellationToken);
    }
}
