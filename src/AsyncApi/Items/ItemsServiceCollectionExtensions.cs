using AsyncApi.Jobs;

namespace AsyncApi.Items;

internal static class ItemsServiceCollectionExtensions
{
    /// <summary>Items and the kind of job that handles them.</summary>
    public static IServiceCollection AddItems(this IServiceCollection services) => services
        .AddSingleton<ItemStore>()
        .AddSingleton<ItemWorkStore>()
        .AddSingleton<ItemControl>()
        .AddSingleton<IJobHandler, ItemJobHandler>();
}
