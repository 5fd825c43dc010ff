using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;
using AsyncApi.Fetching;
using AsyncApi.Http;
using AsyncApi.Http.Streams;

namespace AsyncApi.Fetches.Running;

/// <summary>Results on their way into one commit, with their headers already in the stored form.</summary>
internal sealed class ResultBatch : IDisposable
{
    private readonly IReadOnlyList<string> _secretHeaders;
    private readonly List<Entry> _entries = [];
    private readonly ArrayBufferWriter<byte> _headers;
    private readonly Utf8JsonWriter _json;

    public ResultBatch(IReadOnlyList<string> secretHeaders)
    {
        _secretHeaders = secretHeaders;
        _headers = new ArrayBufferWriter<byte>(16 * 1024);
        _json = new Utf8JsonWriter(_headers, JsonDefaults.WriterOptions);
    }

    public int Count => _entries.Count;

    public FetchResult this[int index] => _entries[index].Result;

    public void Add(FetchResult result)
    {
        int start = _headers.WrittenCount;
        if (result.Headers is not null)
        {
            JsonFragment.Write(_json, (this, result), static (_, state) => state.Item1.WriteHeaders(state.result));
        }

        _entries.Add(new Entry(result, start, _headers.WrittenCount - start));
    }

    /// <summary>The answer's headers as a JSON object of arrays; empty when no answer came.</summary>
    public ReadOnlyMemory<byte> HeadersOf(int index) => _headers.WrittenMemory.Slice(_entries[index].HeadersStart, _entries[index].HeadersLength);

    /// <summary>Gives the bodies' memory back and makes room for the next batch.</summary>
    public void Clear()
    {
        foreach (Entry entry in _entries)
        {
            entry.Result.Dispose();
        }

        _entries.Clear();
        _headers.ResetWrittenCount();
    }

    public void Dispose()
    {
        Clear();
        _json.Dispose();
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

    private readonly record struct Entry(FetchResult Result, int HeadersStart, int HeadersLength);
}
