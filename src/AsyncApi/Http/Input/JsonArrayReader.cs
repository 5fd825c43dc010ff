using System.Globalization;
using System.Text.Json;

namespace AsyncApi.Http.Input;

/// <summary>Reads the elements of one JSON array, one at a time, and reports faults under <c>name[index]</c>.</summary>
internal sealed class JsonArrayReader(JsonElement array, Faults faults, string path)
{
    public int Count => array.GetArrayLength();

    /// <summary>One reader for each element, also for those that are no objects: these are reported and read as empty.</summary>
    public IEnumerable<JsonObjectReader> Objects()
    {
        int index = 0;
        foreach (JsonElement element in array.EnumerateArray())
            yield return new JsonObjectReader(element, faults, path, index++);
    }

    /// <summary>The strings in order; null where one is faulty, so that places are kept.</summary>
    public IEnumerable<string?> Strings(int maxLength = int.MaxValue, int minLength = 0)
    {
        int index = 0;
        foreach (JsonElement element in array.EnumerateArray())
        {
            if (JsonValue.String(element, minLength, maxLength, int.MaxValue, out string? text) is { } fault)
                Fault(index, fault);
            index++;
            yield return text;
        }
    }

    /// <summary>The whole numbers in order, without those that are faulty.</summary>
    public IEnumerable<int> Int32s(int min, int max)
    {
        int index = 0;
        foreach (JsonElement element in array.EnumerateArray())
        {
            if (JsonValue.Int64(element, min, max, out long number) is { } fault)
                Fault(index, fault);
            else
                yield return (int)number;
            index++;
        }
    }

    /// <summary>Reports a fault of an element that only the caller could find.</summary>
    public void Fault(int index, string message) => faults.Add(string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"), message);
}
