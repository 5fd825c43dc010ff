using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AsyncApi.Hosts;

internal sealed class HostLimitConfiguration : IEntityTypeConfiguration<HostLimitRow>
{
    public void Configure(EntityTypeBuilder<HostLimitRow> builder)
    {
        builder.ToTable("host_limits");
        builder.HasKey(row => row.Host).HasName("pk_host_limits");
        builder.Property(row => row.Host).HasColumnName("host");
        builder.Property(row => row.Concurrency).HasColumnName("concurrency");
        builder.Property(row => row.RequestsPerSecond).HasColumnName("requests_per_second");
    }
}

internal sealed class HostHoldConfiguration : IEntityTypeConfiguration<HostHoldRow>
{
    public void Configure(EntityTypeBuilder<HostHoldRow> builder)
    {
        builder.ToTable("host_holds");
        builder.HasKey(row => row.Host).HasName("pk_host_holds");
        builder.Property(row => row.Host).HasColumnName("host");
        builder.Property(row => row.Until).HasColumnName("until");
    }
}
