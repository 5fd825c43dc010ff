namespace AsyncApi.Patterns;

/// <summary>What is wrong with a parameter.</summary>
/// <param name="Path">Where: <c>seconds[3]</c>; empty for the whole object.</param>
/// <param name="Message">What, without the path.</param>
public sealed record PatternFault(string Path, string Message);
