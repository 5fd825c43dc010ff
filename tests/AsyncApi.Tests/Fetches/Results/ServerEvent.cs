namespace AsyncApi.Tests.Fetches.Results;

/// <summary>One event as an EventSource would see it.</summary>
internal sealed record ServerEvent(string Name, string? Id, string Data)
{
    /// <summary>The next event of a live stream; comments and retry hints are passed over. Null at the end.</summary>
    public static async Task<ServerEvent?> ReadAsync(TextReader reader, List<string>? comments = null)
    {
        Dictionary<string, string> fields = new(StringComparer.Ordinal);
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.Length > 0 && line[0] == ':')
                comments?.Add(line);
            else if (line.Length > 0)
                fields[line[..line.IndexOf(':')]] = line[(line.IndexOf(':') + 2)..];
            else if (fields.Remove("event", out string? name))
                return new ServerEvent(name, fields.GetValueOrDefault("id"), fields["data"]);
        }

        return null;
    }

    public static async Task<List<ServerEvent>> ReadAllAsync(string text)
    {
        using StringReader reader = new(text);
        List<ServerEvent> events = [];
        while (await ReadAsync(reader) is { } next)
            events.Add(next);
        return events;
    }
}
