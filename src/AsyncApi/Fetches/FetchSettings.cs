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

    /// <summary>Private networks that may be called: CIDR ranges or addresses, each with an optional port.</summary>
    public IList<string> AllowedNetworks { get; } = [];

    /// <summary>Ports of public addresses that may be called; empty means 80, 443, 8000-8999.</summary>
    public IList<string> AllowedPorts { get; } = [];

    public AddressPolicy ToPolicy() => new(
        AllowedNetworks.Select(text => AllowedNetwork.TryParse(text, out AllowedNetwork? network, out string? error) ? network : throw new FormatException(error)),
        AllowedPorts.Count == 0
            ? null
            : AllowedPorts.Select(text => PortRange.TryParse(text, out PortRange range, out string? error) ? range : throw new FormatException(error)));
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
