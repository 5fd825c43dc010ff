using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Storage;

/// <summary>
/// The model of the whole service. It names no entity: every feature maps its own by an <see cref="IEntityTypeConfiguration{T}"/>
/// in its folder.
/// </summary>
internal sealed class AppDbContext(DbContextOptions<AppDbContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(AppDbContext).Assembly);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        StoredForms.Apply(configurationBuilder);
}
