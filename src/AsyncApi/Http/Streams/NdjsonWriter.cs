using System.Buffers;
using System.Text.Json;

namespace AsyncApi.Http.Streams;

/// <summary>
/// Writes one JSON value a line. A line is in the pipe when <see cref="WriteLine{TState}"/> returns and on the wire after
/// <see cref="FlushAsync"/>, which waits for a slow reader. For one writer at a time.
/// </summary>
internal sealed class NdjsonWriter : IAsyncDisposable
{
    public const string MediaType = "application/x-ndjson";
    public const string OtherMediaType = "application/jsonl";

    private readonly StreamOutput _output;
    private readonly Utf8JsonWriter _json;

    private NdjsonWriter(StreamOutput output) =>
        (_output, _json) = (output, new Utf8JsonWriter(output.Pipe, JsonDefaults.WriterOptions));

    /// <summary>Sends the headers.</summary>
    /// <param name="mediaType"><see cref="MediaType"/> or <see cref="OtherMediaType"/>, whichever the client asked for.</param>
    public static async Task<NdjsonWriter> StartAsync(HttpContext context, string mediaType, CancellationToken cancellationToken) =>
        new(await StreamOutput.StartAsync(context, mediaType, cancellationToken));

    /// <param name="write">Writes exactly one value. Static, with its data in <paramref name="state"/>, so that a line costs no allocation.</param>
    public void WriteLine<TState>(TState state, Action<Utf8JsonWriter, TState> write)
    {
        JsonFragment.Write(_json, state, write);
        _output.Pipe.Write("\n"u8);
    }

    /// <summary>Sends lines that many share, as <see cref="FlushAsync"/> does.</summary>
    /// <param name="lines">Values that are JSON already, each with its line end.</param>
    public ValueTask<bool> SendLinesAsync(ReadOnlyMemory<byte> lines, CancellationToken cancellationToken) => _output.SendAsync(lines, cancellationToken);

    /// <inheritdoc cref="StreamOutput.FlushAsync"/>
    public ValueTask<bool> FlushAsync(CancellationToken cancellationToken) => _output.FlushAsync(cancellationToken);

    /// <summary>Writes the end record, by which a reader knows that nothing is missing, and sends it.</summary>
    /// <param name="write">Further members of the record's object.</param>
    public ValueTask<bool> EndAsync<TState>(TState state, Action<Utf8JsonWriter, TState> write, CancellationToken cancellationToken)
    {
        WriteLine((state, write), static (json, end) =>
        {
            json.WriteStartObject();
            json.WriteBoolean("end", true);
            end.write(json, end.state);
            json.WriteEndObject();
        });
        return FlushAsync(cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _output.Dispose();
        return _json.DisposeAsync();
    }
}
