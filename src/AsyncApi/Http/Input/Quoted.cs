using System.Globalization;
using System.Text;

namespace AsyncApi.Http.Input;

/// <summary>Input as it may stand in an answer or a log line: in quotes, without controls, at most 100 characters of it.</summary>
internal static class Quoted
{
    public const int MaxLength = 100;

    public static string Of(ReadOnlySpan<char> input)
    {
        StringBuilder text = new(Math.Min(input.Length, MaxLength) + 5);
        text.Append('"');
        foreach (char c in input[..Math.Min(input.Length, MaxLength)])
        {
            if (c is '"' or '\\')
                text.Append('\\').Append(c);
            else if (IsHarmless(c))
                text.Append(c);
            else
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }
        if (input.Length > MaxLength)
            text.Append('…');
        return text.Append('"').ToString();
    }

    // Surrogates too: a cut could leave half of one. Format characters can turn text around on a screen.
    private static bool IsHarmless(char c) => char.GetUnicodeCategory(c) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned);
}
