using System.Diagnostics;
using System.Runtime.CompilerServices;
using Xunit;

namespace AsyncApi.TestSupport;

/// <summary>Waits for what another process or thread will do, with a deadline: the one place where tests poll.</summary>
public static class Eventually
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Returns as soon as the condition holds; fails the test with its text when it does not within the deadline.</summary>
    public static Task Until(Func<bool> condition, TimeSpan? deadline = null, [CallerArgumentExpression(nameof(condition))] string text = "")
        => Until(() => Task.FromResult(condition()), deadline, text);

    /// <inheritdoc cref="Until(Func{bool}, TimeSpan?, string)"/>
    public static async Task Until(
        Func<Task<bool>> condition, TimeSpan? deadline = null, [CallerArgumentExpression(nameof(condition))] string text = "")
    {
        ArgumentNullException.ThrowIfNull(condition);
        long start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(start) > (deadline ?? Deadline))
            {
                Assert.Fail($"Not within {(deadline ?? Deadline).TotalSeconds} s: {text}");
            }

            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }
}
