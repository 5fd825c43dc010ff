using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace AsyncApi.Http.Input;

/// <summary>
/// Reads the members of one JSON object and reports every fault with its path instead of throwing. A getter returns null for a member
/// that is absent, null or faulty; <see cref="Complete"/> must be called last and reports members that no getter asked for.
/// Each member is asked for once.
/// </summary>
internal sealed class JsonObjectReader
{
    private readonly JsonElement _object;
    private readonly string _parent;
    private readonly int _index;
    private readonly bool _readable;
    private string[] _known = new string[16];
    private int _knownCount;
    private int _found;

    public JsonObjectReader(JsonElement element, Faults faults, string path = "", int index = -1)
    {
        (_object, Faults, _parent, _index) = (element, faults, path, index);
        _readable = element.ValueKind == JsonValueKind.Object;
        if (!_readable)
            faults.Add(Path.Length == 0 ? "body" : Path, $"must be an object, was {JsonKind.Of(element)}");
    }

    public Faults Faults { get; }

    /// <summary>Where this object stands; empty for the root. Built on demand, since most objects have no fault.</summary>
    public string Path => _index < 0 ? _parent : string.Create(CultureInfo.InvariantCulture, $"{_parent}[{_index}]");

    /// <summary>Whether the member is there and not null.</summary>
    public bool Has(string name) => _readable && _object.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>Whether the member is there, be it null: what a PATCH has to tell apart.</summary>
    public bool Names(string name) => _readable && _object.TryGetProperty(name, out _);

    /// <summary>Reports a fault of a member that only the caller could find.</summary>
    public void Fault(string name, string message) => Faults.Add(PathOf(name), message);

    /// <summary>A member that the contract names and this version does not have: a fault unless it is absent or null.</summary>
    public void NotBuilt(string name)
    {
        if (TryFind(name, required: false, out _))
            Faults.NotBuilt(PathOf(name), name);
    }

    /// <summary>Any value, for the caller to read on its own.</summary>
    public JsonElement? Raw(string name, bool required = false) => TryFind(name, required, out JsonElement value) ? value : null;

    /// <summary>Reports members that nobody asked for, so that a typo never passes silently.</summary>
    public void Complete()
    {
        if (!_readable || _found == _object.GetPropertyCount())
            return;
        string? message = null;
        foreach (JsonProperty member in _object.EnumerateObject())
        {
            if (IsKnown(member))
                continue;
            message ??= $"unknown member; known are {(_knownCount == 0 ? "none" : string.Join(", ", _known.AsSpan(0, _knownCount)!))}";
            // A body of a million typos is counted, not spelled out.
            Faults.Add(Faults.Full ? Path : MemberPath.Of(Path, member.Name), message);
        }
    }

    private bool IsKnown(in JsonProperty member)
    {
        foreach (string name in _known.AsSpan(0, _knownCount))
        {
            if (member.NameEquals(name))
                return true;
        }
        return false;
    }

    internal string PathOf(string name) => MemberPath.Of(Path, name);

    internal bool TryFind(string name, bool required, out JsonElement value)
    {
        Debug.Assert(!_known.AsSpan(0, _knownCount).Contains(name), "each member is read once");
        if (_knownCount == _known.Length)
            Array.Resize(ref _known, _knownCount * 2);
        _known[_knownCount++] = name;
        value = default;
        if (!_readable)
            return false;
        if (!_object.TryGetProperty(name, out value))
        {
            if (required)
                Fault(name, "is required");
            return false;
        }
        _found++;
        if (value.ValueKind != JsonValueKind.Null)
            return true;
        if (required)
            Fault(name, "must not be null");
        return false;
    }

    internal bool TryFind(string name, JsonValueKind kind, string expected, bool required, out JsonElement value)
    {
        if (!TryFind(name, required, out value))
            return false;
        if (value.ValueKind == kind)
            return true;
        Fault(name, $"must be {expected}, was {JsonKind.Of(value)}");
        return false;
    }
}
