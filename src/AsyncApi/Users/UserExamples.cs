using AsyncApi.Http.Paging;

namespace AsyncApi.Users;

/// <summary>What the documentation shows.</summary>
internal static class UserExamples
{
    private static readonly DateTimeOffset Created = new(2026, 11, 20, 8, 15, 30, 123, TimeSpan.Zero);

    public static UserDraft Draft { get; } = new() { Name = "John Doe", Email = "john@example.com" };

    public static UserView View { get; } = new(1, Draft.Name, Draft.Email, Created, Created);

    public static Page<UserView> Page { get; } = new([View], null);
}
