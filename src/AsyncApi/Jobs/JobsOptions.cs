using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AsyncApi.Jobs;

/// <summary>Section <c>Jobs</c>.</summary>
internal sealed class JobsOptions
{
    public const string Section = "Jobs";

    /// <summary>Jobs that run at once; others are queued.</summary>
    [Range(1, 1_000)]
    public int MaxRunning { get; set; } = 64;

    /// <summary>Jobs that are not over; more are refused with 503.</summary>
    [Range(1, 1_000_000)]
    public int MaxQueued { get; set; } = 10_000;

    /// <summary>How long jobs that are over are kept with their data.</summary>
    [Range(0.0, 3_650)]
    public double RetentionDays { get; set; } = 7;

    internal TimeSpan Retention => TimeSpan.FromDays(RetentionDays);

    /// <summary>How often the table is asked for work of which no signal came.</summary>
    [Range(0.1, 60)]
    public double PollSeconds { get; set; } = 2;
}

[OptionsValidator]
internal sealed partial class JobsOptionsValidator : IValidateOptions<JobsOptions>;
