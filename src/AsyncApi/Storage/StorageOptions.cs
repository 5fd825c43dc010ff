using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AsyncApi.Storage;

/// <summary>Section <c>Storage</c>.</summary>
internal sealed class StorageOptions
{
    public const string Section = "Storage";

    /// <summary>The folder of the database, the bodies and the uploads; on a local disk. Relative to the working directory.</summary>
    [Required]
    [MinLength(1)]
    public string Path { get; set; } = "./data";

    /// <summary>How many reads run at a time; more wait for their turn.</summary>
    [Range(1, 64)]
    public int Readers { get; set; } = 8;

    /// <summary>Free space on the data folder's disk under which the service is not ready.</summary>
    [Range(0, 1_000_000)]
    public int DiskFloorMegabytes { get; set; } = 64;
}

[OptionsValidator]
internal sealed partial class StorageOptionsValidator : IValidateOptions<StorageOptions>;
