using System.Collections;

namespace AsyncApi.Fetching;

/// <summary>Header fields that a caller gave, judged by <see cref="HeaderRules"/>: what stands here can be sent as it is.</summary>
public sealed class FetchHeaders : IReadOnlyList<KeyValuePair<string, string>>
{
    /// <summary>No header.</summary>
    public static readonly FetchHeaders None = new([]);

    private readonly KeyValuePair<string, string>[] _fields;

    private FetchHeaders(KeyValuePair<string, string>[] fields) => _fields = fields;

    /// <inheritdoc/>
    public int Count => _fields.Length;

    /// <inheritdoc/>
    public KeyValuePair<string, string> this[int index] => _fields[index];

    /// <exception cref="ArgumentException">A field breaks the rules; the message names it.</exception>
    public static FetchHeaders Of(IEnumerable<KeyValuePair<string, string>> fields)
    {
        KeyValuePair<string, string>[] copy = [.. fields];
        if (copy.Length == 0)
        {
            return None;
        }

        IReadOnlyList<HeaderFault> faults = HeaderRules.FaultsOf(copy);
        return faults.Count == 0
            ? new FetchHeaders(copy)
            : throw new ArgumentException($"Header '{faults[0].Name}': {faults[0].Message}", nameof(fields));
    }

    /// <summary>Whether a field of this name, in any case, is among them.</summary>
    public bool Contains(string name)
    {
        foreach (KeyValuePair<string, string> field in _fields)
        {
            if (string.Equals(field.Key, name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, string>>)_fields).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
