namespace AsyncApi.Fetching;

/// <summary>What can be changed about a fetch that runs; the ranges are those of <see cref="FetchOptions"/>.</summary>
/// <param name="Concurrency"><see cref="FetchOptions.Concurrency"/></param>
/// <param name="PerHostConcurrency"><see cref="FetchOptions.PerHostConcurrency"/></param>
/// <param name="RequestsPerSecond"><see cref="FetchOptions.RequestsPerSecond"/></param>
/// <param name="Priority"><see cref="FetchOptions.Priority"/></param>
public sealed record FetchLimits(int Concurrency, int PerHostConcurrency, double RequestsPerSecond, FetchPriority Priority);
