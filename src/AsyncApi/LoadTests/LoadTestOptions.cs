using AsyncApi.Http.Input;
using Microsoft.Extensions.Options;

namespace AsyncApi.LoadTests;

/// <summary>Section <c>LoadTests</c>.</summary>
internal sealed class LoadTestOptions
{
    public const string Section = "LoadTests";

    /// <summary>Whether load tests may be made at all.</summary>
    public bool Enabled { get; set; }

    /// <summary>Hosts that may be tested, each with an optional port; none means the service itself.</summary>
    public IList<string> AllowedHosts { get; } = [];
}

internal sealed class LoadTestOptionsValidator : IValidateOptions<LoadTestOptions>
{
    public ValidateOptionsResult Validate(string? name, LoadTestOptions options)
    {
        string[] faults =
        [
            .. options.AllowedHosts.Where(host => HostText.Parse(host) is null)
                .Select(host => $"LoadTests:AllowedHosts: '{host}' is no host: use a name or an address with an optional port, such as example.com or 10.1.2.3:8080."),
        ];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
