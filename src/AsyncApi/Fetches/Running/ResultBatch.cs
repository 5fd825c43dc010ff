using System.Buffers;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text.Json;
using AsyncApi.Fetching;
using AsyncApi.Http;
using AsyncApi.Http.Streams;

namespace AsyncApi.Fetches.Running;

/// <summary>Results on their way into one commit, with their headers and attempts already in the stored form.</summary>
internal sealed class ResultBatch : IDisposable
{
    private readonly IReadOnlyList<string> _secretHeaders;
    private readonly List<Entry> _entries = [];
    private readonly ArrayBufferWriter<byte> _encoded;
    private readonly Utf8JsonWriter _json;

    public ResultBatch(IReadOnlyList<string> secretHeaders)
    {
        _secretHeaders = secretHeaders;
        _encoded = new ArrayBufferWriter<byte>(16 * 1024);
        _json = new Utf8JsonWriter(_encoded, JsonDefaults.WriterOptions);
    }

    public int Count => _entries.Count;

    public FetchResult this[int index] => _entries[index].Result;

    public void Add(FetchResult result)
    {
        Range headers = result.Headers is null ? default : Encode((this, result), static (_, state) => state.Item1.WriteHeaders(state.result));
        // What the row's own columns tell of a single attempt is not said twice.
        Range timeline = result.Timeline is [] or [{ Redirects.Count: 0 }]
            ? default
            : Encode(result.Timeline, static (json, attempts) => JsonSerializer.Serialize(json, attempts.Select(AttemptView.Of), JsonDefaults.Options));
        _entries.Add(new Entry(result, headers, timeline));
    }

    public StoredParts PartsOf(int index)
    {
        (_, Range headers, Range timeline) = _entries[index];
        return new StoredParts(_encoded.WrittenMemory[headers], _encoded.WrittenMemory[timeline]);
    }

    /// <summary>What lies in the bodies' files has been kept elsewhere, or is not wanted.</summary>
    public void DeleteFiles()
    {
        foreach (Entry entry in _entries)
        {
            if (entry.Result.Body.File is { } file)
            {
                File.Delete(file);
            }
        }
    }

    /// <summary>Gives the bodies' memory back and makes room for the next batch.</summary>
    public void Clear()
    {
        foreach (Entry entry in _entries)
        {
            entry.Result.Dispose();
        }

        _entries.Clear();
        _encoded.ResetWrittenCount();
    }

    public void Dispose()
    {
        Clear();
        _json.Dispose();
    }

    private Range Encode<TState>(TState state, Action<Utf8JsonWriter, TState> write)
    {
        int start = _encoded.WrittenCount;
        JsonFragment.Write(_json, state, write);
        return start.._encoded.WrittenCount;
    }

    private void WriteHeaders(FetchResult result)
    {
        _json.WriteStartObject();
        Write(result.Headers!.NonValidated);
        if (result.ContentHeaders is not null)
        {
            Write(result.ContentHeaders.NonValidated);
        }

        _json.WriteEndObject();
    }

    private void Write(HttpHeadersNonValidated headers)
    {
        foreach ((string name, HeaderStringValues values) in headers)
        {
            bool secret = SecretHeaders.IsSecret(name, _secretHeaders);
            _json.WriteStartArray(name);
            foreach (string value in values)
            {
                _json.WriteStringValue(secret ? SecretHeaders.Masked : value);
            }

            _json.WriteEndArray();
        }
    }

    private readonly record struct Entry(FetchResult Result, Range Headers, Range Timeline);
}

/// <summary>The parts of a result that are stored as JSON; empty ones are not there.</summary>
/// <param name="Headers">The answer's headers, an object of arrays.</param>
/// <param name="Timeline">The attempts, an array.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct StoredParts(ReadOnlyMemory<byte> Headers, ReadOnlyMemory<byte> Timeline);
