using AsyncApi.TestSupport;
using Xunit.Sdk;

namespace AsyncApi.Tests.Support;

public sealed class WaitingTests
{
    [Fact]
    public async Task Eventually_returns_when_the_condition_holds_and_fails_at_the_deadline_with_its_text()
    {
        int asked = 0;
        await Eventually.Until(() => ++asked == 3);
        asked.ShouldBe(3);

        FailException failure = await Should.ThrowAsync<FailException>(() => Eventually.Until(() => asked < 0, TimeSpan.FromMilliseconds(1)));
        failure.Message.ShouldContain("asked < 0");
    }

    [Fact]
    public void Missing_tool_skips_here_and_fails_in_ci()
    {
        Tool.Find("no-such-tool").ShouldBeNull();
        Exception? outcome = null;
        try
        {
            Tool.Require("no-such-tool");
        }
        catch (Exception thrown)
        {
            // By hand: Record.Exception lets a skip through.
            outcome = thrown;
        }

        bool isCi = string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);
        outcome.ShouldBeOfType(isCi ? typeof(FailException) : typeof(SkipException));
        outcome.Message.ShouldContain("apt-get install no-such-tool");
    }
}
