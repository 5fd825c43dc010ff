using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AsyncApi.Fetches;

internal sealed class FetchConfiguration : IEntityTypeConfiguration<Fetch>
{
    public void Configure(EntityTypeBuilder<Fetch> builder)
    {
        builder.ToTable("fetches");
        builder.HasKey(fetch => fetch.Key).HasName("pk_fetches");
        builder.Property(fetch => fetch.Key).HasColumnName("key").ValueGeneratedOnAdd();
        builder.Property(fetch => fetch.JobId).HasColumnName("job_id");
        builder.Property(fetch => fetch.Options).HasColumnName("options");
        builder.Property(fetch => fetch.Revision).HasColumnName("revision").HasDefaultValue(0);
        builder.Property(fetch => fetch.Total).HasColumnName("total");
        builder.Property(fetch => fetch.Succeeded).HasColumnName("succeeded");
        builder.Property(fetch => fetch.Failed).HasColumnName("failed");
        builder.Property(fetch => fetch.Cancelled).HasColumnName("cancelled");
        builder.Property(fetch => fetch.Bytes).HasColumnName("bytes");
        builder.Property(fetch => fetch.Retries).HasColumnName("retries");
        builder.Property(fetch => fetch.Latencies).HasColumnName("latencies");
        builder.Ignore(fetch => fetch.LastSeq);
        builder.HasIndex(fetch => fetch.JobId, "ix_fetches_job_id").IsUnique();
    }
}

internal sealed class FetchHostRowConfiguration : IEntityTypeConfiguration<FetchHostRow>
{
    public void Configure(EntityTypeBuilder<FetchHostRow> builder)
    {
        builder.ToTable("fetch_hosts");
        builder.HasKey(host => host.Id).HasName("pk_fetch_hosts");
        builder.Property(host => host.Id).HasColumnName("id").ValueGeneratedOnAdd();
        builder.Property(host => host.FetchKey).HasColumnName("fetch_key");
        builder.Property(host => host.Host).HasColumnName("host");
        builder.HasIndex(host => host.FetchKey, "ix_fetch_hosts_fetch_key");
    }
}

internal sealed class FetchRequestRowConfiguration : IEntityTypeConfiguration<FetchRequestRow>
{
    public void Configure(EntityTypeBuilder<FetchRequestRow> builder)
    {
        builder.ToTable("fetch_requests");
        builder.HasKey(request => request.Id).HasName("pk_fetch_requests");
        builder.Property(request => request.Id).HasColumnName("id").ValueGeneratedNever();
        builder.Property(request => request.HostId).HasColumnName("host_id");
        builder.Property(request => request.Url).HasColumnName("url");
        builder.Property(request => request.Method).HasColumnName("method");
        builder.Property(request => request.Headers).HasColumnName("headers");
        builder.Property(request => request.Body).HasColumnName("body");
        builder.Property(request => request.Tag).HasColumnName("tag");
        builder.Property(request => request.Fault).HasColumnName("fault");
        // "The next k requests of host h": SQLite keeps the entries of one host in the order of the row's key.
        builder.HasIndex(request => request.HostId, "ix_fetch_requests_host_id");
    }
}

internal sealed class FetchResultRowConfiguration : IEntityTypeConfiguration<FetchResultRow>
{
    public void Configure(EntityTypeBuilder<FetchResultRow> builder)
    {
        builder.ToTable("fetch_results");
        builder.HasKey(result => result.Id).HasName("pk_fetch_results");
        builder.Property(result => result.Id).HasColumnName("id").ValueGeneratedNever();
        builder.Property(result => result.RequestId).HasColumnName("request_id");
        // Numbers, unlike elsewhere: there are millions of these rows.
        builder.Property(result => result.Outcome).HasColumnName("outcome").HasConversion<int>();
        builder.Property(result => result.Reason).HasColumnName("reason").HasConversion<int>();
        builder.Property(result => result.Message).HasColumnName("message");
        builder.Property(result => result.Status).HasColumnName("status");
        builder.Property(result => result.Attempts).HasColumnName("attempts");
        builder.Property(result => result.StartedAt).HasColumnName("started_at");
        builder.Property(result => result.DurationMicroseconds).HasColumnName("duration_us");
        builder.Property(result => result.WaitedMicroseconds).HasColumnName("waited_us");
        builder.Property(result => result.FinalUrl).HasColumnName("final_url");
        builder.Property(result => result.ContentType).HasColumnName("content_type");
        builder.Property(result => result.Headers).HasColumnName("headers");
        builder.Property(result => result.BodyBytes).HasColumnName("body_bytes");
        builder.Property(result => result.BodyTruncated).HasColumnName("body_truncated");
        builder.Property(result => result.BodyPlace).HasColumnName("body_place").HasConversion<int>();
        builder.Property(result => result.WaitedFor).HasColumnName("waited_for").HasConversion<int?>();
        builder.Property(result => result.FirstByteMicroseconds).HasColumnName("first_byte_us");
        builder.Property(result => result.Address).HasColumnName("address");
        builder.Property(result => result.Timeline).HasColumnName("timeline");
        builder.HasIndex(result => result.RequestId, "ix_fetch_results_request_id").IsUnique();
    }
}

internal sealed class FetchWaitRowConfiguration : IEntityTypeConfiguration<FetchWaitRow>
{
    public void Configure(EntityTypeBuilder<FetchWaitRow> builder)
    {
        builder.ToTable("fetch_waits");
        builder.HasKey(wait => wait.RequestId).HasName("pk_fetch_waits");
        builder.Property(wait => wait.RequestId).HasColumnName("request_id").ValueGeneratedNever();
        builder.Property(wait => wait.NotBefore).HasColumnName("not_before");
        builder.Property(wait => wait.WaitsFor).HasColumnName("waits_for").HasConversion<int>();
        builder.Property(wait => wait.Timeline).HasColumnName("timeline");
    }
}

internal sealed class FetchBodyRowConfiguration : IEntityTypeConfiguration<FetchBodyRow>
{
    public void Configure(EntityTypeBuilder<FetchBodyRow> builder)
    {
        builder.ToTable("fetch_bodies");
        builder.HasKey(body => body.Id).HasName("pk_fetch_bodies");
        builder.Property(body => body.Id).HasColumnName("id").ValueGeneratedNever();
        builder.Property(body => body.Body).HasColumnName("body");
    }
}

internal sealed class BodyPartRowConfiguration : IEntityTypeConfiguration<BodyPartRow>
{
    public void Configure(EntityTypeBuilder<BodyPartRow> builder)
    {
        builder.ToTable("fetch_body_parts");
        builder.HasKey(part => new { part.Id, part.Part }).HasName("pk_fetch_body_parts");
        builder.Property(part => part.Id).HasColumnName("id").ValueGeneratedNever();
        builder.Property(part => part.Part).HasColumnName("part").ValueGeneratedNever();
        builder.Property(part => part.Body).HasColumnName("body");
    }
}
