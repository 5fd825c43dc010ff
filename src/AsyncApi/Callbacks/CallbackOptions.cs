using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AsyncApi.Callbacks;

/// <summary>Section <c>Callbacks</c>.</summary>
internal sealed class CallbackOptions
{
    public const string Section = "Callbacks";

    /// <summary>What callbacks are signed with: <c>whsec_</c> and base64, more than one while they rotate. Without one none is taken.</summary>
    public IList<string> Secrets { get; } = [];

    /// <summary>What a receiver is given to answer.</summary>
    [Range(0.1, 60)]
    public double TimeoutSeconds { get; set; } = 15;

    /// <summary>Tries at once.</summary>
    [Range(1, 10_000)]
    public int Concurrency { get; set; } = 200;

    /// <summary>Tries at once to one receiver, so that one that hangs holds up nobody else.</summary>
    [Range(1, 1_000)]
    public int HostConcurrency { get; set; } = 10;

    /// <summary>What the waits between tries are multiplied by; for tests.</summary>
    [Range(0.000_001, 1)]
    public double Scale { get; set; } = 1;

    public IReadOnlyList<WebhookSecret> ReadSecrets() =>
        [.. Secrets.Select(text => WebhookSecret.TryParse(text, out WebhookSecret? secret, out string? fault) ? secret : throw new FormatException(fault))];
}

[OptionsValidator]
internal sealed partial class CallbackOptionsValidator : IValidateOptions<CallbackOptions>;

/// <summary>What attributes cannot say: each secret, none of which is shown.</summary>
internal sealed class CallbackSecretsValidator : IValidateOptions<CallbackOptions>
{
    public ValidateOptionsResult Validate(string? name, CallbackOptions options)
    {
        List<string> faults = [];
        foreach ((int index, string text) in options.Secrets.Index())
        {
            if (!WebhookSecret.TryParse(text, out _, out string? fault))
            {
                faults.Add($"Callbacks:Secrets:{index} {fault}.");
            }
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
