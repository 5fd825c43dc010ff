using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AsyncApi.Storage;

/// <summary>The databases that there are.</summary>
internal enum StorageProvider
{
    /// <summary>One file in the data folder, for one process.</summary>
    Sqlite,

    /// <summary>A server, for any number of processes.</summary>
    PostgreSql,
}

/// <summary>Section <c>Storage</c>.</summary>
internal sealed class StorageOptions
{
    public const string Section = "Storage";

    /// <summary>The database.</summary>
    [EnumDataType(typeof(StorageProvider))]
    public StorageProvider Provider { get; set; }

    /// <summary>Where the server is and who asks, in Npgsql's form. For <see cref="StorageProvider.PostgreSql"/>, and only for it.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The folder of the database, the bodies and the uploads; on a local disk. Relative to the working directory.</summary>
    [Required]
    [MinLength(1)]
    public string Path { get; set; } = "./data";

    /// <summary>How many reads run at a time; more wait for their turn.</summary>
    [Range(1, 64)]
    public int Readers { get; set; } = 8;

    /// <summary>How many writes run at a time where the database can do several; more wait for their turn.</summary>
    [Range(1, 64)]
    public int Writers { get; set; } = 8;

    /// <summary>How long the server may leave a question unanswered; then it is taken to be away, and requests are refused with 503.</summary>
    [Range(0.2, 60)]
    public double ServerPatienceSeconds { get; set; } = 1.2;

    /// <summary>Free space on the data folder's disk under which the service is not ready.</summary>
    [Range(0, 1_000_000)]
    public int DiskFloorMegabytes { get; set; } = 64;
}

[OptionsValidator]
internal sealed partial class StorageOptionsValidator : IValidateOptions<StorageOptions>;
