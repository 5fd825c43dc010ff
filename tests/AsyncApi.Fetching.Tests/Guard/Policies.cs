namespace AsyncApi.Fetching.Tests.Guard;

internal static class Policies
{
    public static AddressPolicy Allowing(params string[] networks) => new(networks.Select(Network));

    public static AllowedNetwork Network(string text)
    {
        AllowedNetwork.TryParse(text, out AllowedNetwork? network, out string? error).ShouldBeTrue(error);
        return network!;
    }
}
