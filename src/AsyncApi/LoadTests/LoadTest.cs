namespace AsyncApi.LoadTests;

/// <summary>What a load test sends, and what it has come to. Its job, of the same id, has the rest.</summary>
internal sealed class LoadTest
{
    /// <summary>The kind of job that runs it.</summary>
    public const string JobKind = "loadTest";

    public required Guid Id { get; init; }

    /// <summary>A <see cref="LoadPlan"/> as JSON.</summary>
    public required string Plan { get; init; }

    /// <summary>A <see cref="LoadMeasurement"/> as JSON; null until there are any.</summary>
    public string? Figures { get; set; }
}
