using System.Net;
using AsyncApi.Echo;
using AsyncApi.TestSupport;

namespace AsyncApi.Tests.Echo;

public sealed class EchoSourcesTests
{
    private const int OwnPort = 9999;

    private readonly ManualTime _time = new();

    [Theory]
    [InlineData("127.0.0.1:1024", true)]
    [InlineData("127.0.0.1:65535", true)]
    [InlineData("10.1.2.3:9999", true)]
    [InlineData("127.0.0.1:1023", false)]
    [InlineData("127.0.0.1:7", false)]
    [InlineData("127.0.0.1:0", false)]
    [InlineData("127.0.0.1:9999", false)]
    [InlineData("127.9.9.9:9999", false)]
    [InlineData("0.0.0.0:5000", false)]
    [InlineData("0.1.2.3:5000", false)]
    [InlineData("224.0.0.1:5000", false)]
    [InlineData("239.255.255.255:5000", false)]
    [InlineData("255.255.255.255:5000", false)]
    [InlineData("127.255.255.255:5000", false)]
    [InlineData("[::1]:5000", false)]
    public void Only_a_single_user_is_answered(string source, bool answered) =>
        new EchoSources(1, _time).Take(IPEndPoint.Parse(source), OwnPort).ShouldBe(answered);

    [Fact]
    public void Each_address_has_its_share_of_a_second()
    {
        EchoSources sources = new(2, _time);

        Take(sources, "127.0.0.1:5000", 3).ShouldBe([true, true, false]);
        Take(sources, "127.0.0.1:5001", 1).ShouldBe([false]);
        Take(sources, "127.0.0.2:5000", 3).ShouldBe([true, true, false]);
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Take(sources, "127.0.0.1:5000", 1).ShouldBe([false]);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Take(sources, "127.0.0.1:5000", 3).ShouldBe([true, true, false]);
    }

    [Fact]
    public void Made_up_sources_take_no_memory_without_end()
    {
        EchoSources sources = new(50, _time);

        int answered = Enumerable.Range(0, 10_000).Count(i => sources.Take(new IPEndPoint(new IPAddress([10, 0, (byte)(i >> 8), (byte)i]), 5000), OwnPort));

        answered.ShouldBe(4_096);
    }

    private static bool[] Take(EchoSources sources, string source, int times) =>
        [.. Enumerable.Range(0, times).Select(_ => sources.Take(IPEndPoint.Parse(source), OwnPort))];
}
