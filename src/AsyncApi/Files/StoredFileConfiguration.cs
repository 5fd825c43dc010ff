using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AsyncApi.Files;

internal sealed class StoredFileConfiguration : IEntityTypeConfiguration<StoredFile>
{
    public void Configure(EntityTypeBuilder<StoredFile> builder)
    {
        builder.ToTable("files");
        builder.HasKey(file => file.Number).HasName("pk_files");
        builder.Property(file => file.Number).HasColumnName("number").ValueGeneratedOnAdd();
        builder.Property(file => file.Folder).HasColumnName("folder");
        builder.Property(file => file.Name).HasColumnName("name");
        builder.Property(file => file.Blob).HasColumnName("blob");
        builder.Property(file => file.Size).HasColumnName("size");
        builder.Property(file => file.Sha256).HasColumnName("sha256");
        builder.Property(file => file.ContentType).HasColumnName("content_type");
        builder.Property(file => file.CreatedAt).HasColumnName("created_at");
        builder.Property(file => file.ModifiedAt).HasColumnName("modified_at");
        builder.Ignore(file => file.Tag);
        builder.Ignore(file => file.Path);
        // Finds a file, a folder's files in order, and the folders below a folder.
        builder.HasIndex(file => new { file.Folder, file.Name }, "ix_files_folder").IsUnique();
    }
}
