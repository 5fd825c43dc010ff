using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AsyncApi.TestSupport;

/// <summary>
/// A real HTTP server on loopback for outbound requests to hit. It counts each request when its headers have arrived, before it
/// is answered, so that what a killed client sent is counted too. Its routes are in <see cref="TargetRoutes"/>.
/// </summary>
public sealed class TargetServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, int> _hits = new(StringComparer.Ordinal);
    private int _running;
    private int _maxRunning;
    private int _aborted;

    private TargetServer(WebApplication app) => _app = app;

    /// <summary>With a slash at its end; <c>new Uri(target.Address, "ok/1")</c> is a URL of it.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>All counted paths with how often each was asked for.</summary>
    public IReadOnlyDictionary<string, int> AllHits => _hits;

    public int TotalHits => _hits.Values.Sum();

    /// <summary>The most requests that were in hand at one time.</summary>
    public int MaxConcurrency => Volatile.Read(ref _maxRunning);

    /// <summary>How many are in hand now.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>How many requests the client gave up before the answer was complete.</summary>
    public int Aborted => Volatile.Read(ref _aborted);

    /// <param name="map">Adds routes to the ones that are there, or middleware.</param>
    /// <param name="listen">Changes the endpoint: TLS, protocols.</param>
    /// <param name="address">An address of 127.0.0.0/8 other than 127.0.0.1, for a target that is another host.</param>
    public static async Task<TargetServer> StartAsync(
        Action<WebApplication>? map = null, Action<ListenOptions>? listen = null, IPAddress? address = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(address ?? IPAddress.Loopback, 0, endpoint => listen?.Invoke(endpoint));
        });
        if (listen is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        TargetServer target = new(builder.Build());
        target._app.Use(target.CountAsync);
        target._app.UseRouting();
        TargetRoutes.Map(target._app, target);
        map?.Invoke(target._app);
        await target._app.StartAsync(TestContext.Current.CancellationToken);
        string listening = target._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        target.Address = new Uri(listening + "/");
        return target;
    }

    /// <summary>How often this path was asked for, whatever the query.</summary>
    public int Hits(string path) => _hits.GetValueOrDefault(path);

    /// <summary>An absolute URL of it.</summary>
    public string Url(string path) => new Uri(Address, path).AbsoluteUri;

    /// <summary>Forgets all counts but what is in hand.</summary>
    public void Reset()
    {
        _hits.Clear();
        Volatile.Write(ref _maxRunning, Running);
        Volatile.Write(ref _aborted, 0);
    }

    public async ValueTask DisposeAsync()
    {
        // Requests that hang on purpose are cut, not waited for.
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task CountAsync(HttpContext context, RequestDelegate next)
    {
        string path = context.Request.Path.Value ?? "/";
        if (TargetRoutes.IsQuestion(path))
        {
            await next(context);
            return;
        }

        _hits.AddOrUpdate(path, 1, (_, count) => count + 1);
        int running = Interlocked.Increment(ref _running);
        int max;
        while (running > (max = MaxConcurrency) && Interlocked.CompareExchange(ref _maxRunning, running, max) != max)
        {
        }

        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
        }
        finally
        {
            Interlocked.Decrement(ref _running);
            if (context.RequestAborted.IsCancellationRequested)
            {
                Interlocked.Increment(ref _aborted);
            }
        }
    }
}
