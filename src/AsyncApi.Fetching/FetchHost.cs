namespace AsyncApi.Fetching;

/// <summary>A host of a fetch.</summary>
/// <param name="Key">Scheme, name and port.</param>
/// <param name="Requests">How many requests the source holds for it.</param>
public readonly record struct FetchHost(HostKey Key, int Requests);
