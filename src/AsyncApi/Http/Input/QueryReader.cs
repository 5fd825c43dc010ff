using System.Globalization;
using AsyncApi.Http.Problems;
using Microsoft.Extensions.Primitives;

namespace AsyncApi.Http.Input;

/// <summary>
/// Reads query parameters and reports every fault instead of throwing. <see cref="Complete"/> must be called last: on POST, PUT and
/// PATCH it reports parameters that nobody asked for; on the others they are ignored.
/// </summary>
internal sealed class QueryReader(HttpRequest request, Faults faults)
{
    private readonly List<string> _known = [];

    public Faults Faults => faults;

    /// <summary>For a route that takes no parameters: what to answer when there are any; null when it may go on.</summary>
    public static ProblemResult? RefusalOfAny(HttpRequest request)
    {
        QueryReader query = new(request, new Faults());
        query.Complete();
        return query.Faults.Any ? Problem.Validation(query.Faults) : null;
    }

    /// <summary>Whether the parameter is there, be it empty.</summary>
    public bool Has(string name) => request.Query.ContainsKey(name);

    public string? String(string name, int maxLength = 200)
    {
        if (Text(name) is not { } text)
            return null;
        if (text.Length <= maxLength)
            return text;
        faults.Add(name, string.Create(CultureInfo.InvariantCulture, $"may have {maxLength} characters, has {text.Length}"));
        return null;
    }

    public int? Int32(string name, int min = int.MinValue, int max = int.MaxValue) => (int?)Int64(name, min, max);

    public long? Int64(string name, long min = long.MinValue, long max = long.MaxValue)
    {
        if (Text(name) is not { } text)
            return null;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) && number >= min && number <= max)
            return number;
        return Refuse<long>(name, text, NumberText.Range("a whole number", min, max));
    }

    public double? Double(string name, double min = double.MinValue, double max = double.MaxValue)
    {
        if (Text(name) is not { } text)
            return null;
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (double.TryParse(text, Style, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) && number >= min && number <= max)
            return number;
        return Refuse<double>(name, text, NumberText.Range("a number", min, max));
    }

    public bool? Bool(string name) => Text(name) switch
    {
        null => null,
        "true" => true,
        "false" => false,
        { } text => Refuse<bool>(name, text, "must be true or false"),
    };

    public TEnum? Enum<TEnum>(string name) where TEnum : struct, Enum
    {
        if (Text(name) is not { } text)
            return null;
        return EnumNames<TEnum>.TryParse(text, out TEnum value) ? value : Refuse<TEnum>(name, text, $"must be one of {EnumNames<TEnum>.List}");
    }

    public Guid? Guid(string name)
    {
        if (Text(name) is not { } text)
            return null;
        return System.Guid.TryParseExact(text, "D", out Guid id) ? id : Refuse<Guid>(name, text, "must be a UUID");
    }

    public DateTimeOffset? Timestamp(string name)
    {
        if (Text(name) is not { } text)
            return null;
        return Http.Timestamp.TryParse(text, out DateTimeOffset time) ? time : Refuse<DateTimeOffset>(name, text, "must be an RFC 3339 time");
    }

    /// <summary>A list in one parameter, separated by commas, each of the allowed words at most once; empty when it is absent.</summary>
    public IReadOnlyList<string> Words(string name, params IReadOnlyList<string> allowed)
    {
        if (Text(name) is not { } text)
            return [];
        string[] words = [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];
        if (!System.Array.Exists(words, word => !allowed.Contains(word, StringComparer.Ordinal)))
            return words;
        faults.Add(name, $"must be of {string.Join(", ", allowed)}, was {Quoted.Of(text)}");
        return [];
    }

    /// <summary>Reports a fault of a parameter that only the caller could find.</summary>
    public void Fault(string name, string message) => faults.Add(name, message);

    public void Complete()
    {
        if (!HttpMethods.IsPost(request.Method) && !HttpMethods.IsPut(request.Method) && !HttpMethods.IsPatch(request.Method))
            return;
        foreach (string name in request.Query.Keys)
        {
            if (!_known.Contains(name, StringComparer.OrdinalIgnoreCase))
                faults.Add(MemberPath.Of("", name), $"unknown parameter; known are {(_known.Count == 0 ? "none" : string.Join(", ", _known))}");
        }
    }

    private string? Text(string name)
    {
        _known.Add(name);
        StringValues values = request.Query[name];
        if (values.Count == 0)
            return null;
        if (values.Count > 1)
        {
            faults.Add(name, "must stand once");
            return null;
        }
        string text = values[0] ?? "";
        if (!text.Contains('\0', StringComparison.Ordinal))
            return text;
        faults.Add(name, "must not hold NUL");
        return null;
    }

    private T? Refuse<T>(string name, string text, string message) where T : struct
    {
        faults.Add(name, $"{message}, was {Quoted.Of(text)}");
        return null;
    }
}
