using System.Globalization;

namespace AsyncApi.Http.Input;

/// <summary>The number of a row as it stands in a path: whole, from 1, in its one spelling.</summary>
internal static class RowNumber
{
    /// <summary>False for anything else, which names nothing.</summary>
    public static bool TryParse(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0 && text[0] != '0';
}
