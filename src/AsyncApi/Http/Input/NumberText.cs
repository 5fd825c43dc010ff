using System.Globalization;
using System.Numerics;

namespace AsyncApi.Http.Input;

/// <summary>The words for numbers out of their range, the same for bodies and queries.</summary>
internal static class NumberText
{
    public static string Range<T>(string kind, T min, T max) where T : INumber<T>, IMinMaxValue<T>
    {
        if (min == T.MinValue && max == T.MaxValue)
            return $"must be {kind}";
        return max == T.MaxValue
            ? string.Create(CultureInfo.InvariantCulture, $"must be {kind} of at least {min}")
            : string.Create(CultureInfo.InvariantCulture, $"must be {kind} from {min} to {max}");
    }
}
