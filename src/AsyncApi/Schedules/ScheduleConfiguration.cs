using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AsyncApi.Schedules;

internal sealed class ScheduleConfiguration : IEntityTypeConfiguration<Schedule>
{
    public void Configure(EntityTypeBuilder<Schedule> builder)
    {
        builder.ToTable("schedules");
        builder.HasKey(schedule => schedule.Number).HasName("pk_schedules");
        builder.Property(schedule => schedule.Number).HasColumnName("number").ValueGeneratedOnAdd();
        builder.Property(schedule => schedule.Id).HasColumnName("id");
        builder.Property(schedule => schedule.Cron).HasColumnName("cron");
        builder.Property(schedule => schedule.TimeZone).HasColumnName("time_zone");
        builder.Property(schedule => schedule.Label).HasColumnName("label");
        builder.Property(schedule => schedule.Enabled).HasColumnName("enabled");
        builder.Property(schedule => schedule.OnMissed).HasColumnName("on_missed");
        builder.Property(schedule => schedule.OnOverlap).HasColumnName("on_overlap");
        builder.Property(schedule => schedule.NextRunAt).HasColumnName("next_run_at");
        builder.Property(schedule => schedule.LastRunAt).HasColumnName("last_run_at");
        builder.Property(schedule => schedule.LastJobId).HasColumnName("last_job_id");
        builder.Property(schedule => schedule.LastError).HasColumnName("last_error");
        builder.Property(schedule => schedule.Version).HasColumnName("version");
        builder.Property(schedule => schedule.CreatedAt).HasColumnName("created_at");
        builder.Property(schedule => schedule.UpdatedAt).HasColumnName("updated_at");
        builder.Property(schedule => schedule.Fetch).HasColumnName("fetch");
        builder.HasIndex(schedule => schedule.Id, "ix_schedules_id").IsUnique();
        builder.HasIndex(schedule => schedule.NextRunAt, "ix_schedules_next_run_at").HasFilter("next_run_at is not null");
    }
}
