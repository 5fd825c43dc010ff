using AsyncApi.Jobs;
using AsyncApi.TestSupport;
using Microsoft.Extensions.Options;

namespace AsyncApi.Tests.Jobs;

public class JobPollTests
{
    private readonly ManualTime _time = new();
    private readonly JobPoll _poll;

    public JobPollTests() => _poll = new JobPoll(Options.Create(new JobsOptions { PollSeconds = 10 }), _time, new Random(1));

    [Fact]
    public void Looks_are_spread_over_a_fifth_to_either_side()
    {
        double[] seconds = [.. Enumerable.Range(0, 1_000).Select(_ => _poll.UntilNextLook(due: null).TotalSeconds)];

        seconds.Min().ShouldBeInRange(8, 8.1);
        seconds.Max().ShouldBeInRange(11.9, 12);
        _poll.AtMost.ShouldBe(TimeSpan.FromSeconds(12));
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(-3, 0)]
    public void Job_that_falls_due_sooner_is_looked_for_in_time(int due, int expected) =>
        _poll.UntilNextLook(_time.GetUtcNow().AddSeconds(due)).ShouldBe(TimeSpan.FromSeconds(expected));
}
