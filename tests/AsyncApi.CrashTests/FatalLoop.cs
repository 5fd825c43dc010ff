using AsyncApi.CrashTests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

[assembly: HostingStartup(typeof(FatalLoop))]

namespace AsyncApi.CrashTests;

/// <summary>Adds to a service that is started with this assembly a loop that fails for good once <c>/fatal</c> is asked for.</summary>
internal sealed class FatalLoop : BackgroundService, IHostingStartup, IStartupFilter
{
    public const string LastWords = "This loop can't go on.";

    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Configure(IWebHostBuilder builder) => builder.ConfigureServices(services => services
        .AddSingleton<IHostedService>(this)
        .AddSingleton<IStartupFilter>(this));

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((HttpContext context, RequestDelegate rest) =>
        {
            if (context.Request.Path != "/fatal")
            {
                return rest(context);
            }

            _over.TrySetResult();
            return Task.CompletedTask;
        });
        next(app);
    };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _over.Task.WaitAsync(stoppingToken);
        throw new InvalidOperationException(LastWords);
    }
}
