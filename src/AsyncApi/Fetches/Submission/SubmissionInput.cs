using AsyncApi.Http.Input;

namespace AsyncApi.Fetches.Submission;

/// <summary>
/// Where a submission's settings are read from: the members of a JSON body, or query parameters of the same names with
/// dots for the nesting. One reader then serves both.
/// </summary>
internal interface ISubmissionInput
{
    Faults Faults { get; }

    /// <summary>How faults call the setting.</summary>
    string PathOf(string name);

    string? String(string name, int maxLength);

    int? Int32(string name, int min, int max);

    long? Int64(string name, long min, long max);

    double? Double(string name, double min, double max);

    bool? Bool(string name);

    TEnum? Enum<TEnum>(string name) where TEnum : struct, Enum;

    IReadOnlyList<int>? Int32s(string name, int min, int max);

    IReadOnlyList<string>? Strings(string name, int maxCount, int maxLength);

    /// <summary>Reports what nobody asked for.</summary>
    void Complete();
}

/// <summary>The members of a JSON object; <c>a.b</c> is the member b of the object a.</summary>
internal sealed class JsonInput(JsonObjectReader root) : ISubmissionInput
{
    private readonly Dictionary<string, JsonObjectReader?> _objects = new(StringComparer.Ordinal);

    public Faults Faults => root.Faults;

    public JsonObjectReader? Object(string path)
    {
        if (path.Length == 0)
        {
            return root;
        }

        if (!_objects.TryGetValue(path, out JsonObjectReader? found))
        {
            (JsonObjectReader? parent, string name) = Split(path);
            _objects.Add(path, found = parent?.Object(name));
        }

        return found;
    }

    public string PathOf(string name) => root.Path.Length == 0 ? name : $"{root.Path}.{name}";

    public string? String(string name, int maxLength) => Split(name) is ({ } reader, var member) ? reader.String(member, maxLength) : null;

    public int? Int32(string name, int min, int max) => Split(name) is ({ } reader, var member) ? reader.Int32(member, min, max) : null;

    public long? Int64(string name, long min, long max) => Split(name) is ({ } reader, var member) ? reader.Int64(member, min, max) : null;

    public double? Double(string name, double min, double max) =>
        Split(name) is ({ } reader, var member) ? reader.Double(member, min, max) : null;

    public bool? Bool(string name) => Split(name) is ({ } reader, var member) ? reader.Bool(member) : null;

    public TEnum? Enum<TEnum>(string name) where TEnum : struct, Enum =>
        Split(name) is ({ } reader, var member) ? reader.Enum<TEnum>(member) : null;

    public IReadOnlyList<int>? Int32s(string name, int min, int max) =>
        Split(name) is ({ } reader, var member) ? reader.Array(member, max: 100)?.Int32s(min, max).ToArray() : null;

    public IReadOnlyList<string>? Strings(string name, int maxCount, int maxLength) =>
        Split(name) is ({ } reader, var member) ? reader.Array(member, maxCount)?.Strings(maxLength, minLength: 1).OfType<string>().ToArray() : null;

    public void Complete()
    {
        foreach (JsonObjectReader? nested in _objects.Values)
        {
            nested?.Complete();
        }

        root.Complete();
    }

    private (JsonObjectReader? Reader, string Member) Split(string name)
    {
        int dot = name.LastIndexOf('.');
        return dot < 0 ? (root, name) : (Object(name[..dot]), name[(dot + 1)..]);
    }
}

/// <summary>Query parameters. What stands below <c>options</c> in a JSON body has no prefix here.</summary>
internal sealed class QueryInput(QueryReader query) : ISubmissionInput
{
    private const string Prefix = "options.";

    public Faults Faults => query.Faults;

    public string PathOf(string name) => name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;

    public string? String(string name, int maxLength) => query.String(PathOf(name), maxLength);

    public int? Int32(string name, int min, int max) => query.Int32(PathOf(name), min, max);

    public long? Int64(string name, long min, long max) => query.Int64(PathOf(name), min, max);

    public double? Double(string name, double min, double max) => query.Double(PathOf(name), min, max);

    public bool? Bool(string name) => query.Bool(PathOf(name));

    public TEnum? Enum<TEnum>(string name) where TEnum : struct, Enum => query.Enum<TEnum>(PathOf(name));

    public IReadOnlyList<int>? Int32s(string name, int min, int max)
    {
        string path = PathOf(name);
        if (query.String(path) is not { } text)
        {
            return null;
        }

        List<int> numbers = [];
        foreach (string part in text.Split(','))
        {
            if (int.TryParse(part, System.Globalization.CultureInfo.InvariantCulture, out int number) && number >= min && number <= max)
            {
                numbers.Add(number);
            }
            else
            {
                query.Fault(path, $"must be whole numbers from {min} to {max}, with commas between them");
                break;
            }
        }

        return numbers;
    }

    public IReadOnlyList<string>? Strings(string name, int maxCount, int maxLength) =>
        query.String(PathOf(name), maxCount * (maxLength + 1)) is { } text ? text.Split(',', StringSplitOptions.RemoveEmptyEntries) : null;

    public void Complete() => query.Complete();
}
