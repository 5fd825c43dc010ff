namespace AsyncApi.Schedules;

/// <summary>Which schedules a list shows; null members show all.</summary>
internal sealed record ScheduleFilter(string? Label = null, bool? Enabled = null)
{
    public IQueryable<Schedule> ApplyTo(IQueryable<Schedule> schedules)
    {
        if (Label is not null)
        {
            schedules = schedules.Where(schedule => schedule.Label == Label);
        }

        return Enabled is null ? schedules : schedules.Where(schedule => schedule.Enabled == Enabled);
    }
}
