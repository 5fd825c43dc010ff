namespace AsyncApi.Schedules;

internal static class SchedulesServiceCollectionExtensions
{
    /// <summary>Schedules and what runs them.</summary>
    public static IServiceCollection AddSchedules(this IServiceCollection services) => services
        .AddSingleton<ScheduleReader>()
        .AddSingleton<ScheduleStore>()
        .AddSingleton<ScheduleRunStore>()
        .AddSingleton<ScheduleRuns>()
        .AddSingleton<ScheduleLoop>()
        .AddHostedService(services => services.GetRequiredService<ScheduleLoop>());
}
