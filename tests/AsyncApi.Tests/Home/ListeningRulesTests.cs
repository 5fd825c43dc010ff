using AsyncApi.Http;
using Microsoft.Extensions.Configuration;

namespace AsyncApi.Tests.Home;

public sealed class ListeningRulesTests
{
    [Theory]
    [InlineData("http://127.0.0.1:5080")]
    [InlineData("http://127.8.9.10:5080")]
    [InlineData("http://localhost:5080")]
    [InlineData("https://LOCALHOST:5443;http://127.0.0.1:5080")]
    [InlineData("http://[::1]:5080")]
    [InlineData("http://unix:/run/asyncapi.sock")]
    [InlineData("")]
    public void Loopback_needs_no_key(string urls) => ListeningRules.FaultOf(Settings(("Urls", urls))).ShouldBeNull();

    [Theory]
    [InlineData("http://0.0.0.0:5080", "http://0.0.0.0:5080")]
    [InlineData("http://*:5080", "http://*:5080")]
    [InlineData("http://+:80", "http://+:80")]
    [InlineData("http://[::]:5080", "http://[::]:5080")]
    [InlineData("http://10.0.0.1:80", "http://10.0.0.1:80")]
    [InlineData("http://localhost.example:80", "http://localhost.example:80")]
    [InlineData("http://127.0.0.1:5080; http://example.com:80", "http://example.com:80")]
    [InlineData("nonsense", "nonsense")]
    public void Any_other_address_is_refused_and_named(string urls, string named)
    {
        ListeningRules.FaultOf(Settings(("Urls", urls))).ShouldNotBeNull().ShouldContain(named);
        ListeningRules.FaultOf(Settings(("Urls", urls), ("Auth:AllowAnonymous", "true"))).ShouldBeNull();
    }

    [Fact]
    public void Endpoints_of_the_server_count_before_urls()
    {
        ListeningRules.FaultOf(Settings(("Urls", "http://127.0.0.1:1"), ("Kestrel:Endpoints:A:Url", "http://127.0.0.1:2"), ("Kestrel:Endpoints:B:Url", "http://*:3")))
            .ShouldNotBeNull().ShouldContain("http://*:3");
        ListeningRules.FaultOf(Settings(("Urls", "http://*:1"), ("Kestrel:Endpoints:A:Url", "http://127.0.0.1:2"))).ShouldBeNull();
    }

    [Theory]
    [InlineData("HTTP_PORTS")]
    [InlineData("HTTPS_PORTS")]
    public void Bare_ports_mean_every_address(string name) => ListeningRules.FaultOf(Settings((name, "8080"))).ShouldNotBeNull().ShouldContain("8080");

    private static IConfiguration Settings(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(pair => pair.Key, pair => (string?)pair.Value, StringComparer.Ordinal)).Build();
}
