using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AsyncApi.LoadTests;

internal sealed class LoadTestConfiguration : IEntityTypeConfiguration<LoadTest>
{
    public void Configure(EntityTypeBuilder<LoadTest> builder)
    {
        builder.ToTable("load_tests");
        builder.HasKey(test => test.Id).HasName("pk_load_tests");
        builder.Property(test => test.Id).HasColumnName("id").ValueGeneratedNever();
        builder.Property(test => test.Plan).HasColumnName("plan");
        builder.Property(test => test.Figures).HasColumnName("figures");
    }
}
