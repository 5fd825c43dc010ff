using AsyncApi.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AsyncApi.CrashTests;

/// <summary>A target whose <c>/gate/…</c> answers nobody until it is opened; then, and from then on, everybody.</summary>
internal sealed class Gate : IAsyncDisposable
{
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Gate()
    {
    }

    public TargetServer Target { get; private set; } = null!;

    public static async Task<Gate> StartAsync()
    {
        Gate gate = new();
        gate.Target = await TargetServer.StartAsync(app => app.Map("/gate/{**rest}", gate.AnswerAsync));
        return gate;
    }

    public void Open() => _open.SetResult();

    public ValueTask DisposeAsync() => Target.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        await _open.Task.WaitAsync(context.RequestAborted);
        await context.Response.WriteAsync("open", context.RequestAborted);
    }
}
