using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AsyncApi.StaticFiles;

/// <summary>Section <c>StaticFiles</c>.</summary>
internal sealed class StaticFilesOptions
{
    public const string Section = "StaticFiles";

    /// <summary>The folder of <c>/static</c>; its <c>css</c> and <c>font</c> are <c>/css</c> and <c>/font</c>. Relative to the program's own.</summary>
    [Required]
    [MinLength(1)]
    public string Root { get; set; } = "static";

    /// <summary>Whether a folder lists what is in it.</summary>
    public bool ShowIndex { get; set; }

    /// <summary>How long a client may use what it has without asking again.</summary>
    [Range(0, 31_536_000)]
    public int MaxAgeSeconds { get; set; } = 3_600;
}

[OptionsValidator]
internal sealed partial class StaticFilesOptionsValidator : IValidateOptions<StaticFilesOptions>;
