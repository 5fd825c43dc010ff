using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AsyncApi.Items;

internal sealed class ItemConfiguration : IEntityTypeConfiguration<Item>
{
    public void Configure(EntityTypeBuilder<Item> builder)
    {
        builder.ToTable("items");
        builder.HasKey(item => item.Id).HasName("pk_items");
        builder.Property(item => item.Id).HasColumnName("id").ValueGeneratedOnAdd();
        builder.Property(item => item.Name).HasColumnName("name");
        builder.Property(item => item.Status).HasColumnName("status");
        builder.Property(item => item.JobId).HasColumnName("job_id");
        builder.Property(item => item.Version).HasColumnName("version");
        builder.Property(item => item.Length).HasColumnName("length");
        builder.Property(item => item.Words).HasColumnName("words");
        builder.Property(item => item.Sha256).HasColumnName("sha256");
        builder.Property(item => item.Error).HasColumnName("error");
        builder.Property(item => item.CreatedAt).HasColumnName("created_at");
        builder.Property(item => item.UpdatedAt).HasColumnName("updated_at");
        builder.Property(item => item.Data).HasColumnName("data");
        builder.HasIndex(item => item.JobId, "ix_items_job_id").IsUnique();
        builder.HasIndex(item => new { item.Status, item.Id }, "ix_items_status");
    }
}
