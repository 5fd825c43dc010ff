using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AsyncApi.Jobs;

internal sealed class JobConfiguration : IEntityTypeConfiguration<Job>
{
    public void Configure(EntityTypeBuilder<Job> builder)
    {
        builder.ToTable("jobs");
        builder.HasKey(job => job.Number).HasName("pk_jobs");
        builder.Property(job => job.Number).HasColumnName("number").ValueGeneratedOnAdd();
        builder.Property(job => job.Id).HasColumnName("id");
        builder.Property(job => job.Kind).HasColumnName("kind");
        builder.Property(job => job.Status).HasColumnName("status");
        builder.Property(job => job.Label).HasColumnName("label");
        builder.Property(job => job.Priority).HasColumnName("priority");
        builder.Property(job => job.Done).HasColumnName("done");
        builder.Property(job => job.Total).HasColumnName("total");
        builder.Property(job => job.Attempts).HasColumnName("attempts");
        builder.Property(job => job.Crashes).HasColumnName("crashes");
        builder.Property(job => job.Owner).HasColumnName("owner");
        builder.Property(job => job.LeaseToken).HasColumnName("lease_token");
        builder.Property(job => job.Error).HasColumnName("error");
        builder.Property(job => job.RequestId).HasColumnName("request_id");
        builder.Property(job => job.CreatedAt).HasColumnName("created_at");
        builder.Property(job => job.StartedAt).HasColumnName("started_at");
        builder.Property(job => job.FinishedAt).HasColumnName("finished_at");
        builder.Property(job => job.DueAt).HasColumnName("due_at");
        builder.Property(job => job.ChangedAt).HasColumnName("changed_at").HasDefaultValue(DateTimeOffset.UnixEpoch);
        builder.Property(job => job.CallbackUrl).HasColumnName("callback_url");
        builder.HasIndex(job => job.FinishedAt, "ix_jobs_callback").HasFilter("callback_url is not null and finished_at is not null");
        builder.HasIndex(job => job.Id, "ix_jobs_id").IsUnique();
        // Claims and start-up look for what is not over; that stays small however many jobs are kept.
        builder.HasIndex(job => new { job.Status, job.Priority, job.Number }, "ix_jobs_status");
        builder.HasIndex(job => job.DueAt, "ix_jobs_due_at").HasFilter("status = 'scheduled'");
        builder.HasIndex(job => job.Owner, "ix_jobs_owner").HasFilter("owner is not null");
        builder.HasIndex(job => job.FinishedAt, "ix_jobs_finished_at").HasFilter("finished_at is not null");
        builder.HasIndex(job => job.ChangedAt, "ix_jobs_changed_at");
    }
}
