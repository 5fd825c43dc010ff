using System.Globalization;
using AsyncApi.Http.Input;

namespace AsyncApi.Http.Streams;

/// <summary>Where an EventSource that comes back wants to go on.</summary>
internal static class LastEventId
{
    public const string Header = "Last-Event-ID";

    /// <summary>The last id that the reader saw; null when it starts anew. Anything but a whole number from 0 is a fault.</summary>
    public static long? Read(HttpRequest request, Faults faults)
    {
        string? text = request.Headers[Header];
        if (string.IsNullOrEmpty(text))
            return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long id))
            return id;
        faults.Add(Header, $"must be an id of this stream, was {Quoted.Of(text)}");
        return null;
    }
}
