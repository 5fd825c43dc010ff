using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AsyncApi.Http.Streams;

/// <summary>
/// Writes server-sent events. For one writer at a time, heartbeats included: they are sent by <see cref="WaitAsync{T}"/> while its caller
/// waits, so that no timer ever writes between two fields.
/// </summary>
internal sealed class SseWriter : IAsyncDisposable
{
    public const string MediaType = "text/event-stream";

    /// <summary>How long a stream may be silent.</summary>
    public static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);

    private readonly StreamOutput _output;
    private readonly TimeProvider _time;
    private readonly Utf8JsonWriter _json;

    private SseWriter(StreamOutput output, TimeProvider time) =>
        (_output, _time, _json) = (output, time, new Utf8JsonWriter(output.Pipe, JsonDefaults.WriterOptions));

    /// <summary>The answer to a reader that has seen everything: by 204 an EventSource knows that it must not come back.</summary>
    public static IResult NothingLeft => TypedResults.NoContent();

    /// <summary>Sends the headers, and how soon a reader should come back after a broken connection.</summary>
    public static async Task<SseWriter> StartAsync(HttpContext context, TimeProvider time, TimeSpan retry, CancellationToken cancellationToken)
    {
        SseWriter writer = new(await StreamOutput.StartAsync(context, MediaType, cancellationToken), time);
        writer.Field("retry: "u8, ((long)retry.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
        writer._output.Pipe.Write("\n"u8);
        await writer.FlushAsync(cancellationToken);
        return writer;
    }

    /// <summary>One event with JSON as its data. Id and name are ours, never input; a null id leaves the reader's last one as it is.</summary>
    public void Write<TState>(long? id, string name, TState state, Action<Utf8JsonWriter, TState> write)
    {
        Head(id, name);
        _output.Pipe.Write("data: "u8);
        JsonFragment.Write(_json, state, write);
        _output.Pipe.Write("\n\n"u8);
    }

    /// <summary>Sends events that many share, as <see cref="FlushAsync"/> does.</summary>
    /// <param name="events">Whole events, with their fields and the empty lines behind them.</param>
    public ValueTask<bool> SendEventsAsync(ReadOnlyMemory<byte> events, CancellationToken cancellationToken) => _output.SendAsync(events, cancellationToken);

    /// <summary>Writes them only, so that more can go along.</summary>
    /// <inheritdoc cref="SendEventsAsync"/>
    public void WriteEvents(ReadOnlySpan<byte> events) => _output.Pipe.Write(events);

    /// <summary>A comment, for a caller who waits by himself.</summary>
    public void WriteHeartbeat() => _output.Pipe.Write(":\n\n"u8);

    /// <summary>One event with text as its data, of any number of lines.</summary>
    public void WriteText(long? id, string name, ReadOnlySpan<char> text)
    {
        Head(id, name);
        // CR, LF and CR LF all end a line here; a reader puts them together again with LF.
        while (true)
        {
            int end = text.IndexOfAny('\r', '\n');
            Field("data: "u8, end < 0 ? text : text[..end]);
            if (end < 0)
                break;
            text = text[(end + (text[end..].StartsWith("\r\n") ? 2 : 1))..];
        }
        _output.Pipe.Write("\n"u8);
    }

    /// <inheritdoc cref="StreamOutput.FlushAsync"/>
    public ValueTask<bool> FlushAsync(CancellationToken cancellationToken) => _output.FlushAsync(cancellationToken);

    /// <summary>Waits for what is to be sent next; a comment goes out every 15 s meanwhile, so that the way stays open.</summary>
    public async Task<T> WaitAsync<T>(Task<T> next, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await next.WaitAsync(HeartbeatInterval, _time, cancellationToken);
            }
            catch (TimeoutException) when (!next.IsCompleted)
            {
                WriteHeartbeat();
                await FlushAsync(cancellationToken);
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        _output.Dispose();
        return _json.DisposeAsync();
    }

    private void Head(long? id, string name)
    {
        if (id is { } number)
            Field("id: "u8, number.ToString(CultureInfo.InvariantCulture));
        Field("event: "u8, name);
    }

    private void Field(ReadOnlySpan<byte> name, ReadOnlySpan<char> value)
    {
        _output.Pipe.Write(name);
        Encoding.UTF8.GetBytes(value, _output.Pipe);
        _output.Pipe.Write("\n"u8);
    }
}
