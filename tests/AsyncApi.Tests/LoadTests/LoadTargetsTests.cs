using System.Net;
using AsyncApi.Fetching;
using AsyncApi.LoadTests;
using Microsoft.Extensions.Options;

namespace AsyncApi.Tests.LoadTests;

public sealed class LoadTargetsTests
{
    [Theory]
    [InlineData("http://127.0.0.1:5080/items", true)]
    [InlineData("http://localhost:5080/", true)]
    [InlineData("http://LOCALHOST.:5080/", true)]
    [InlineData("http://127.0.0.1:5081/", false)]
    [InlineData("http://127.0.0.2:5080/", false)]
    [InlineData("http://[::1]:5080/", false)]
    [InlineData("http://example.com:5080/", false)]
    [InlineData("http://127.0.0.1.example.com:5080/", false)]
    public void Service_itself_is_all_there_is_without_a_list(string url, bool allowed)
        => Targets(new IPEndPoint(IPAddress.Loopback, 5080)).Allows(new Uri(url)).ShouldBe(allowed);

    [Theory]
    [InlineData("http://127.0.0.1:8080/", true)]
    [InlineData("http://127.9.9.9:8080/", true)]
    [InlineData("http://localhost:8080/", true)]
    [InlineData("http://localhost/", false)]
    public void Service_on_every_address_is_itself_on_loopback(string url, bool allowed)
        => Targets(new IPEndPoint(IPAddress.Any, 8080)).Allows(new Uri(url)).ShouldBe(allowed);

    [Theory]
    [InlineData("http://example.com/", true)]
    [InlineData("https://EXAMPLE.com:8443/", true)]
    [InlineData("http://10.1.2.3:8080/", true)]
    [InlineData("http://10.1.2.3:8081/", false)]
    [InlineData("http://www.example.com/", false)]
    [InlineData("http://example.com.evil.test/", false)]
    [InlineData("http://127.0.0.1:5080/", false)]
    public void List_is_all_there_is(string url, bool allowed)
        => Targets(new IPEndPoint(IPAddress.Loopback, 5080), "example.com", "10.1.2.3:8080").Allows(new Uri(url)).ShouldBe(allowed);

    [Theory]
    [InlineData("http://example.com/")]
    [InlineData("a b")]
    [InlineData("")]
    public void Host_that_is_none_stops_the_start(string host)
    {
        LoadTestOptions options = new() { AllowedHosts = { "example.com", host } };

        ValidateOptionsResult result = new LoadTestOptionsValidator().Validate(null, options);

        result.Failures.ShouldHaveSingleItem().ShouldContain($"'{host}' is no host");
    }

    private static LoadTargets Targets(IPEndPoint own, params string[] hosts)
    {
        LoadTestOptions options = new();
        Array.ForEach(hosts, options.AllowedHosts.Add);
        AddressPolicy addresses = new();
        addresses.RefuseOwn([own]);
        return new LoadTargets(Options.Create(options), addresses);
    }
}
