using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AsyncApi.Files;

/// <summary>Section <c>Files</c>.</summary>
internal sealed class FilesOptions
{
    public const string Section = "Files";

    private const long Gibibyte = 1024L * 1024 * 1024;

    /// <summary>Bytes of one file; a larger one is refused with 413.</summary>
    [Range(1, 1024 * Gibibyte)]
    public long MaxBytes { get; set; } = Gibibyte;

    /// <summary>Bytes of all files, those that are being received included; beyond it an upload is refused with 507.</summary>
    [Range(1, 1024 * 1024 * Gibibyte)]
    public long QuotaBytes { get; set; } = 10 * Gibibyte;

    /// <summary>Uploads at a time; more are refused with 503.</summary>
    [Range(1, 1_000)]
    public int MaxUploads { get; set; } = 16;

    /// <summary>Slower uploads are ended with 408; measured over their whole, after five seconds of grace.</summary>
    [Range(1, 1_000_000_000)]
    public int MinBytesPerSecond { get; set; } = 4_096;
}

[OptionsValidator]
internal sealed partial class FilesOptionsValidator : IValidateOptions<FilesOptions>;

/// <summary>What attributes cannot say: how the two sizes relate.</summary>
internal sealed class FilesOptionsSizesValidator : IValidateOptions<FilesOptions>
{
    public ValidateOptionsResult Validate(string? name, FilesOptions options) => options.MaxBytes <= options.QuotaBytes
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail($"Files:MaxBytes ({options.MaxBytes}) must not be over Files:QuotaBytes ({options.QuotaBytes}).");
}
