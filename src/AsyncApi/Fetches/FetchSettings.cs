using System.ComponentModel.DataAnnotations;
using AsyncApi.Fetching;
using Microsoft.Extensions.Options;

namespace AsyncApi.Fetches;

/// <summary>Section <c>Fetch</c>.</summary>
internal sealed class FetchSettings
{
    public const string Section = "Fetch";

    /// <summary>Attempts in flight at once over all fetches.</summary>
    [Range(1, 100_000)]
    public int MaxConcurrency { get; set; } = 2_000;

    /// <summary>Attempts in flight at once to one host over all fetches.</summary>
    [Range(1, 100_000)]
    public int HostConcurrency { get; set; } = 100;

    /// <summary>When a host counts as broken.</summary>
    [ValidateObjectMembers]
    public CircuitSettings Circuit { get; set; } = new();

    /// <summary>Private networks that may be called: CIDR ranges or addresses, each with an optional port.</summary>
    public IList<string> AllowedNetworks { get; } = [];

    /// <summary>Ports of public addresses that may be called; empty means 80, 443, 8000-8999.</summary>
    public IList<string> AllowedPorts { get; } = [];

    /// <summary>What a fetch that asks for this concurrency really gets.</summary>
    public int EffectiveConcurrency(int asked) => Math.Min(asked, MaxConcurrency);

    /// <inheritdoc cref="EffectiveConcurrency"/>
    public int EffectivePerHostConcurrency(int asked) => Math.Min(asked, HostConcurrency);

    public AddressPolicy ToPolicy() => new(
        AllowedNetworks.Select(AllowedNetwork.Parse),
        AllowedPorts.Count == 0
            ? null
            : AllowedPorts.Select(text => PortRange.TryParse(text, out PortRange range, out string? error) ? range : throw new FormatException(error)));
}

/// <summary>Section <c>Fetch:Circuit</c>.</summary>
internal sealed class CircuitSettings
{
    /// <summary>The part of recent attempts that must have failed for a host's circuit to open.</summary>
    [Range(0.01, 1)]
    public double FailureRatio { get; set; } = 0.5;

    /// <summary>Fewer recent attempts never open it.</summary>
    [Range(2, 10_000)]
    public int MinimumAttempts { get; set; } = 20;

    /// <summary>What counts as recent.</summary>
    [Range(0.5, 3_600)]
    public double WindowSeconds { get; set; } = 30;

    /// <summary>How long it stays open before a request goes through to find out.</summary>
    [Range(0.5, 3_600)]
    public double OpenSeconds { get; set; } = 15;

    public CircuitOptions ToOptions() => new()
    {
        FailureRatio = FailureRatio,
        MinimumAttempts = MinimumAttempts,
        Window = TimeSpan.FromSeconds(WindowSeconds),
        OpenFor = TimeSpan.FromSeconds(OpenSeconds),
    };
}

[OptionsValidator]
internal sealed partial class FetchSettingsValidator : IValidateOptions<FetchSettings>;

/// <summary>What attributes cannot say: each entry of the two lists.</summary>
internal sealed class FetchSettingsListsValidator : IValidateOptions<FetchSettings>
{
    public ValidateOptionsResult Validate(string? name, FetchSettings options)
    {
        List<string> faults = [];
        foreach (string text in options.AllowedNetworks)
        {
            if (!AllowedNetwork.TryParse(text, out _, out string? error))
            {
                faults.Add($"Fetch:AllowedNetworks: {error}");
            }
        }

        foreach (string text in options.AllowedPorts)
        {
            if (!PortRange.TryParse(text, out _, out string? error))
            {
                faults.Add($"Fetch:AllowedPorts: {error}");
            }
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
