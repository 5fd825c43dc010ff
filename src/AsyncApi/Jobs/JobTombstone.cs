using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AsyncApi.Jobs;

/// <summary>Says of a job that it was there and was deleted.</summary>
internal sealed class JobTombstone
{
    public required Guid Id { get; init; }

    public required DateTimeOffset DeletedAt { get; init; }
}

internal sealed class JobTombstoneConfiguration : IEntityTypeConfiguration<JobTombstone>
{
    public void Configure(EntityTypeBuilder<JobTombstone> builder)
    {
        builder.ToTable("job_tombstones");
        builder.HasKey(tombstone => tombstone.Id).HasName("pk_job_tombstones");
        builder.Property(tombstone => tombstone.Id).HasColumnName("id");
        builder.Property(tombstone => tombstone.DeletedAt).HasColumnName("deleted_at");
        builder.HasIndex(tombstone => tombstone.DeletedAt, "ix_job_tombstones_deleted_at");
    }
}
