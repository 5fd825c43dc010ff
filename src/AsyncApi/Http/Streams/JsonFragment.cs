using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace AsyncApi.Http.Streams;

/// <summary>Writes one JSON value into the pipe under a writer that is used again and again.</summary>
internal static class JsonFragment
{
    [SuppressMessage("Usage", "MA0045:Do not use blocking calls", Justification = "Over a buffer writer, flushing only hands over the bytes; nothing waits.")]
    public static void Write<TState>(Utf8JsonWriter json, TState state, Action<Utf8JsonWriter, TState> write)
    {
        json.Reset();
        write(json, state);
        json.Flush();
    }
}
