using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace AsyncApi.Fetching.Tests.Guard;

/// <summary>A real server on a free loopback port that keeps what it was sent and sets a cookie each time.</summary>
internal sealed class TargetSite : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TargetSite(WebApplication app) => _app = app;

    public ConcurrentQueue<(string Target, HeaderDictionary Headers)> Seen { get; } = [];

    public int Port => new Uri(_app.Urls.First()).Port;

    public static async Task<TargetSite> StartAsync(X509Certificate2? certificate = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            if (certificate is not null)
                listen.UseHttps(certificate);
        }));
        TargetSite site = new(builder.Build());
        site._app.Run(site.AnswerAsync);
        await site._app.StartAsync(TestContext.Current.CancellationToken);
        return site;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        HeaderDictionary headers = [];
        foreach (var header in context.Request.Headers)
            headers[header.Key] = header.Value;
        Seen.Enqueue((context.Features.Get<IHttpRequestFeature>()!.RawTarget, headers));
        context.Response.Cookies.Append("session", "1");
        if (context.Request.Path == "/redirect")
            context.Response.Redirect("/elsewhere");
        await context.Response.WriteAsync("ok", context.RequestAborted);
    }
}
