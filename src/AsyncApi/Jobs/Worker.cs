using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AsyncApi.Jobs;

/// <summary>A process that works on jobs. Its id is new at every start, and whenever it was given up for dead.</summary>
internal sealed class Worker
{
    public required Guid Id { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>By the database's clock: those of the workers do not matter.</summary>
    public required DateTimeOffset LastSeen { get; set; }
}

internal sealed class WorkerConfiguration : IEntityTypeConfiguration<Worker>
{
    public void Configure(EntityTypeBuilder<Worker> builder)
    {
        builder.ToTable("workers");
        builder.HasKey(worker => worker.Id).HasName("pk_workers");
        builder.Property(worker => worker.Id).HasColumnName("id");
        builder.Property(worker => worker.StartedAt).HasColumnName("started_at");
        builder.Property(worker => worker.LastSeen).HasColumnName("last_seen");
    }
}
