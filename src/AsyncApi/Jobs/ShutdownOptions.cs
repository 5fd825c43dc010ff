using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AsyncApi.Jobs;

/// <summary>Section <c>Shutdown</c>.</summary>
internal sealed class ShutdownOptions
{
    public const string Section = "Shutdown";

    /// <summary>To cut what has not ended, hand it back, and write what is done.</summary>
    private static readonly TimeSpan HandingBack = TimeSpan.FromSeconds(10);

    /// <summary>To commit what waits for the writer, and to close the database.</summary>
    private static readonly TimeSpan Closing = TimeSpan.FromSeconds(4);

    /// <summary>What running work is given to end by itself once the service stops.</summary>
    [Range(0, 60)]
    public double DrainSeconds { get; set; } = 10;

    /// <summary>After this long connections that are still open are cut, and no loop is waited for any more.</summary>
    internal TimeSpan WorkTimeout => TimeSpan.FromSeconds(DrainSeconds) + HandingBack;

    /// <summary>After this long the process ends, whatever it does.</summary>
    internal TimeSpan HardTimeout => WorkTimeout + Closing;
}

[OptionsValidator]
internal sealed partial class ShutdownOptionsValidator : IValidateOptions<ShutdownOptions>;
