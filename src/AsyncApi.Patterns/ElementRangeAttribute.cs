namespace AsyncApi.Patterns;

/// <summary>The range of each number in a list, as <see cref="System.ComponentModel.DataAnnotations.RangeAttribute"/> is of a number alone.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ElementRangeAttribute(double minimum, double maximum) : Attribute
{
    /// <summary>The least value.</summary>
    public double Minimum => minimum;

    /// <summary>The greatest value.</summary>
    public double Maximum => maximum;
}
