namespace AsyncApi.Users;

internal static class UsersServiceCollectionExtensions
{
    public static IServiceCollection AddUsers(this IServiceCollection services) => services.AddSingleton<UserStore>();
}
