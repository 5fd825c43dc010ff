using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AsyncApi.Callbacks;

internal sealed class DeliveryConfiguration : IEntityTypeConfiguration<Delivery>
{
    public void Configure(EntityTypeBuilder<Delivery> builder)
    {
        builder.ToTable("callbacks");
        builder.HasKey(delivery => delivery.Number).HasName("pk_callbacks");
        builder.Property(delivery => delivery.Number).HasColumnName("number").ValueGeneratedOnAdd();
        builder.Property(delivery => delivery.Id).HasColumnName("id");
        builder.Property(delivery => delivery.JobId).HasColumnName("job_id");
        builder.Property(delivery => delivery.Url).HasColumnName("url");
        builder.Property(delivery => delivery.Host).HasColumnName("host");
        builder.Property(delivery => delivery.Status).HasColumnName("status");
        builder.Property(delivery => delivery.Attempt).HasColumnName("attempt");
        builder.Property(delivery => delivery.Tries).HasColumnName("tries");
        builder.Property(delivery => delivery.Claim).HasColumnName("claim");
        builder.Property(delivery => delivery.Error).HasColumnName("error");
        builder.Property(delivery => delivery.At).HasColumnName("at");
        builder.Property(delivery => delivery.NextAt).HasColumnName("next_at");
        builder.HasIndex(delivery => delivery.JobId, "ix_callbacks_job_id").IsUnique();
        builder.HasIndex(delivery => delivery.NextAt, "ix_callbacks_next_at").HasFilter("next_at is not null");
    }
}

internal sealed class DeliveryTryConfiguration : IEntityTypeConfiguration<DeliveryTry>
{
    public void Configure(EntityTypeBuilder<DeliveryTry> builder)
    {
        builder.ToTable("callback_tries");
        builder.HasKey(row => new { row.Delivery, row.Attempt }).HasName("pk_callback_tries");
        builder.Property(row => row.Delivery).HasColumnName("delivery").ValueGeneratedNever();
        builder.Property(row => row.Attempt).HasColumnName("attempt").ValueGeneratedNever();
        builder.Property(row => row.At).HasColumnName("at");
        builder.Property(row => row.DurationMicroseconds).HasColumnName("duration_us");
        builder.Property(row => row.HttpStatus).HasColumnName("http_status");
        builder.Property(row => row.Error).HasColumnName("error");
    }
}
