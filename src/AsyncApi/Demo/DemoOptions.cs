using Microsoft.Extensions.Options;

namespace AsyncApi.Demo;

/// <summary>Section <c>Demo</c>.</summary>
internal sealed class DemoOptions
{
    public const string Section = "Demo";

    /// <summary>What <c>POST /demo2</c> calls; null for the service's own <c>/health/live</c>.</summary>
    public string? UpstreamUrl { get; set; }
}

internal sealed class DemoOptionsValidator : IValidateOptions<DemoOptions>
{
    public ValidateOptionsResult Validate(string? name, DemoOptions options) =>
        options.UpstreamUrl is not { } url || (Uri.TryCreate(url, UriKind.Absolute, out Uri? uri)
            && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) && uri.UserInfo.Length == 0)
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail($"Demo:UpstreamUrl must be an http or https URL without user information, was '{url}'.");
}
