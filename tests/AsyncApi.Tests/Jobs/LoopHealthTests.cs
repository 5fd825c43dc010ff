using AsyncApi.Jobs;
using AsyncApi.TestSupport;

namespace AsyncApi.Tests.Jobs;

public sealed class LoopHealthTests
{
    private const string Name = "loop";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTime _time = new();
    private readonly LoopHealth _health;

    public LoopHealthTests() => _health = new LoopHealth(_time);

    [Fact]
    public void Fault_is_seen_until_a_turn_has_ended_without_one()
    {
        _health.Turn(Name, Patience);
        _health.IsAlive.ShouldBeTrue();

        _health.Fault(Name);
        _health.Troubled.ShouldBe([Name]);
        // A loop that waits before its work is not well because it has begun to wait.
        _health.Turn(Name, Patience);
        _time.Advance(5 * Second);
        _health.Troubled.ShouldBe([Name]);

        _health.Turned(Name);
        _health.IsAlive.ShouldBeTrue();
        _health.Turn(Name, Patience);
        _health.IsAlive.ShouldBeTrue();
    }

    [Fact]
    public void Fault_is_forgotten_when_the_next_turn_goes_on_for_long()
    {
        _health.Fault(Name);
        _health.Turn(Name, TimeSpan.MaxValue);
        _health.IsAlive.ShouldBeFalse();

        _time.Advance(7 * Second);

        _health.IsAlive.ShouldBeTrue();
    }

    [Fact]
    public void Turn_that_takes_longer_than_it_may_is_seen()
    {
        _health.Turn(Name, Patience);

        _time.Advance(Patience + Second);

        _health.Troubled.ShouldBe([Name]);
    }
}
