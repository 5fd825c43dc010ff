namespace AsyncApi.Patterns;

/// <summary>A run wanted more than a run may have.</summary>
public sealed class PatternLimitException : Exception
{
    /// <inheritdoc/>
    public PatternLimitException()
    {
    }

    /// <inheritdoc/>
    public PatternLimitException(string message) : base(message)
    {
    }

    /// <inheritdoc/>
    public PatternLimitException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
