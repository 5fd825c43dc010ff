using AsyncApi.Callbacks;
using Microsoft.Extensions.Options;

namespace AsyncApi.Tests.Callbacks;

public sealed class DeliveryScheduleTests
{
    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 5 * 60)]
    [InlineData(3, 30 * 60)]
    [InlineData(4, 2 * 3600)]
    [InlineData(5, 5 * 3600)]
    [InlineData(6, 10 * 3600)]
    [InlineData(7, 14 * 3600)]
    [InlineData(8, 20 * 3600)]
    [InlineData(9, 24 * 3600)]
    [InlineData(10, 24 * 3600)]
    public void Waits_are_those_of_the_schedule_with_a_tenth_of_jitter(int tries, double seconds)
    {
        DeliverySchedule schedule = new(Options.Create(new CallbackOptions()), new Random(17));

        double[] waits = [.. Enumerable.Range(0, 1_000).Select(_ => schedule.WaitAfter(tries).TotalSeconds)];

        waits.ShouldAllBe(wait => wait >= seconds * 0.9 && wait <= seconds * 1.1);
        (waits.Max() - waits.Min()).ShouldBeGreaterThan(seconds * 0.15);
    }

    [Theory]
    [InlineData(1, 60, 60)]
    [InlineData(9, 60, 24 * 3600 * 0.9)]
    [InlineData(1, 10_000_000, 24 * 3600)]
    [InlineData(1, -10_000_000, 5 * 0.9)]
    public void Wait_is_never_shorter_than_asked_up_to_a_day(int tries, double asked, double atLeast)
    {
        DeliverySchedule schedule = new(Options.Create(new CallbackOptions()), new Random(17));

        schedule.WaitAfter(tries, TimeSpan.FromSeconds(asked)).TotalSeconds.ShouldBeInRange(atLeast, Math.Max(atLeast * 1.25, asked < 0 ? 5.5 : 0));
    }

    [Fact]
    public void Secret_that_is_none_stops_the_start_and_is_not_shown()
    {
        CallbackOptions options = new() { Secrets = { "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_hunter2" } };

        ValidateOptionsResult result = new CallbackSecretsValidator().Validate(null, options);

        result.FailureMessage.ShouldBe("Callbacks:Secrets:1 must be base64 after whsec_.");
    }
}
