using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AsyncApi.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AsyncApi.Tests.Callbacks;

/// <summary>What came with one try.</summary>
internal sealed record Received(string Path, string Id, string Timestamp, string Signature, string? ContentType, byte[] Body)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);

    /// <summary>The signature as the specification has it, made without the code under test.</summary>
    public string SignatureBy(string secret)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{Id}.{Timestamp}."), .. Body];
        return $"v1,{Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), signed))}";
    }
}

/// <summary>Takes callbacks, and answers as a test wants.</summary>
internal sealed class Receiver(TargetServer server, ConcurrentQueue<Received> received) : IAsyncDisposable
{
    public IReadOnlyList<Received> All => [.. received];

    public TargetServer Server => server;

    /// <param name="answer">Gets the path and how often it was called before, and gives a status.</param>
    public static async Task<Receiver> StartAsync(Func<HttpContext, int, int> answer, IPAddress? address = null)
    {
        ConcurrentQueue<Received> received = [];
        TargetServer server = await TargetServer.StartAsync(
            app => app.MapPost("/hook/{name}", async context =>
            {
                using MemoryStream body = new();
                await context.Request.Body.CopyToAsync(body, context.RequestAborted);
                string path = context.Request.Path;
                int before = received.Count(one => one.Path == path);
                received.Enqueue(new Received(
                    path, context.Request.Headers["webhook-id"]!, context.Request.Headers["webhook-timestamp"]!,
                    context.Request.Headers["webhook-signature"]!, context.Request.ContentType, body.ToArray()));
                context.Response.StatusCode = answer(context, before);
            }),
            address: address);
        return new Receiver(server, received);
    }

    public string Url(string name) => server.Url($"hook/{name}");

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
