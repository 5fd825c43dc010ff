using System.Globalization;

namespace AsyncApi.Users;

/// <summary>Somebody with a name and an e-mail address that nobody else has.</summary>
internal sealed class User
{
    public long Id { get; init; }

    public required string Name { get; set; }

    /// <summary>As it was written.</summary>
    public required string Email { get; set; }

    /// <summary>What two spellings of one address have in common; unique.</summary>
    public required string EmailKey { get; set; }

    /// <summary>Counts changes, from 1; the tag that clients see.</summary>
    public long Version { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    public string Path => string.Create(CultureInfo.InvariantCulture, $"/users/{Id}");
}
