using FsCheck;
using FsCheck.Fluent;

namespace AsyncApi.Fetching.Tests.Dispatching;

public sealed class ScheduleProperties
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(10_000).WithEndSize(20);

    [Fact]
    public void Engine_any_schedule_keeps_every_limit_and_ends_with_one_result_for_each_request() =>
        Check.One(Thorough, Prop.ForAll(Schedule.Any, static schedule => new ScheduleChecker(schedule).Play()));
}
