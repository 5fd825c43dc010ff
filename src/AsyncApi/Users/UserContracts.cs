using System.ComponentModel.DataAnnotations;
using AsyncApi.Http.Input;

namespace AsyncApi.Users;

/// <summary>What a client says of a user.</summary>
internal sealed record UserDraft
{
    public const int MaxNameLength = 200;

    /// <summary>1 to 200 characters.</summary>
    [MaxLength(MaxNameLength)]
    public required string Name { get; init; }

    /// <summary>Nobody else's, in whatever case.</summary>
    [MaxLength(EmailAddress.MaxLength)]
    public required string Email { get; init; }

    /// <summary>Null when the faults say why.</summary>
    public static UserDraft? Read(JsonObjectReader body)
    {
        string? name = body.String("name", MaxNameLength, minLength: 1, required: true);
        string? email = body.String("email", EmailAddress.MaxLength, required: true);
        body.Complete();
        if (name is not null && string.IsNullOrWhiteSpace(name))
        {
            body.Fault("name", "must not be blank");
        }

        if (email is not null && EmailAddress.FaultOf(email) is { } fault)
        {
            body.Fault("email", $"{fault}, was {Quoted.Of(email)}");
        }

        return body.Faults.Any ? null : new UserDraft { Name = name!, Email = email! };
    }
}

/// <summary>A user.</summary>
internal sealed record UserView(long Id, string Name, string Email, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static UserView Of(User user) => new(user.Id, user.Name, user.Email, user.CreatedAt, user.UpdatedAt);
}
