using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AsyncApi.Http.Idempotency;

internal sealed class KeptAnswerConfiguration : IEntityTypeConfiguration<KeptAnswer>
{
    public void Configure(EntityTypeBuilder<KeptAnswer> builder)
    {
        builder.ToTable("idempotency_keys");
        builder.HasKey(answer => answer.Scope).HasName("pk_idempotency_keys");
        builder.Property(answer => answer.Scope).HasColumnName("scope");
        builder.Property(answer => answer.RequestHash).HasColumnName("request_hash");
        builder.Property(answer => answer.Status).HasColumnName("status");
        builder.Property(answer => answer.Location).HasColumnName("location");
        builder.Property(answer => answer.ETag).HasColumnName("etag");
        builder.Property(answer => answer.Body).HasColumnName("body");
        builder.Property(answer => answer.CreatedAt).HasColumnName("created_at");
        builder.HasIndex(answer => answer.CreatedAt, "ix_idempotency_keys_created_at");
    }
}
