using System.Globalization;
using System.Numerics;
using AsyncApi.Http.Input;

namespace AsyncApi.Schedules;

/// <summary>One of the five fields: the values at which it holds, as bits.</summary>
/// <param name="Values">Bit n is set when the field holds at n.</param>
/// <param name="IsStar">Whether it was written as <c>*</c> or <c>*/n</c>, which for days means: the other day field decides.</param>
internal readonly record struct CronField(ulong Values, bool IsStar)
{
    public bool Holds(int value) => (Values & (1UL << value)) != 0;

    /// <summary>The first value from <paramref name="value"/> on at which it holds; -1 when none is left.</summary>
    public int From(int value)
    {
        ulong left = Values >> value;
        return value > 63 || left == 0 ? -1 : value + BitOperations.TrailingZeroCount(left);
    }
}

/// <summary>What a field may hold, and how it is read: lists of values, ranges and steps.</summary>
internal sealed class CronFieldReader(string name, int min, int max, string[]? names = null)
{
    private const string Star = "*";

    /// <summary>Null when <paramref name="fault"/> says why.</summary>
    public CronField? Read(string text, out string? fault)
    {
        ulong values = 0;
        fault = null;
        foreach (string part in text.Split(','))
        {
            fault ??= Add(part, ref values);
        }

        return fault is null ? new CronField(values, text.StartsWith(Star, StringComparison.Ordinal)) : null;
    }

    private string? Add(string part, ref ulong values)
    {
        string[] stepped = part.Split('/');
        if (stepped.Length > 2)
        {
            return $"{name} {Quoted.Of(part)} has more than one step";
        }

        if (Range(stepped[0], out int first, out int last) is { } fault)
        {
            return fault;
        }

        int step = 1;
        if (stepped.Length == 2)
        {
            if (!TryNumber(stepped[1], out step) || step < 1 || step > max)
            {
                return $"the step of {name} {Quoted.Of(part)} must be a whole number from 1 to {max}";
            }

            if (first == last && stepped[0] != Star)
            {
                return $"{name} {Quoted.Of(part)} has a step without a range: write {first}-{max}/{step}";
            }
        }

        for (int value = first; value <= last; value += step)
        {
            values |= 1UL << value;
        }

        return null;
    }

    private string? Range(string text, out int first, out int last)
    {
        (first, last) = (min, max);
        if (text == Star)
        {
            return null;
        }

        string[] ends = text.Split('-');
        if (ends.Length > 2)
        {
            return $"{name} {Quoted.Of(text)} is no range";
        }

        string? fault = Value(ends[0], out first) ?? Value(ends[^1], out last);
        return fault is null && first > last ? $"{name} {Quoted.Of(text)} runs backwards: write {ends[0]}-{max},{min}-{ends[1]}" : fault;
    }

    private string? Value(string text, out int value)
    {
        int named = names is null ? -1 : Array.FindIndex(names, known => known.Equals(text, StringComparison.OrdinalIgnoreCase));
        value = named >= 0 ? named + min : 0;
        if (named >= 0 || (TryNumber(text, out value) && value >= min && value <= max))
        {
            return null;
        }

        string orNames = names is null ? "" : $", or a name such as {names[0]}";
        return $"{name} {Quoted.Of(text)} must be a whole number from {min} to {max}{orNames}";
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
