using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace AsyncApi.Patterns.Sockets;

internal sealed record TcpEchoParameters
{
    [Description("The lines that the client sends."), Length(1, 100)]
    public IReadOnlyList<string> Lines { get; init; } = ["one", "two", "three"];
}

internal sealed record TcpEchoResult(IReadOnlyList<string> Lines, int Port);

[SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "Loopback alone, to the port that the run itself has just opened.")]
internal sealed class TcpEchoPattern() : Pattern<TcpEchoParameters>(
    "tcp-echo",
    "A line server and its client",
    "Each line comes back as it was sent. The server serves any number of clients at once; cancelled, it closes its sockets.",
    asyncio: "asyncio.start_server, asyncio.open_connection",
    dotnet: "TcpListener, TcpClient, StreamReader")
{
    protected override async Task<object?> RunAsync(TcpEchoParameters parameters, PatternRun run, CancellationToken token)
    {
        using TcpListener listener = new(IPAddress.Loopback, port: 0);
        listener.Start();
        IPEndPoint address = (IPEndPoint)listener.LocalEndpoint;
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(token);
        Task server = run.SpanAsync("server", inner => ServeAsync(listener, run, inner), stop.Token);

        IReadOnlyList<string> lines = await run.SpanAsync("client", inner => TalkAsync(address, parameters.Lines, run, inner), token);
        await stop.CancelAsync();
        await server.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return new TcpEchoResult(lines, address.Port);
    }

    private static async Task ServeAsync(TcpListener listener, PatternRun run, CancellationToken token)
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                TcpClient client = await listener.AcceptTcpClientAsync(token);
                connections.Add(run.SpanAsync($"connection {connections.Count + 1}", inner => EchoAsync(client, inner), token));
            }
        }
        finally
        {
            listener.Stop();
            await Task.WhenAll(connections).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task EchoAsync(TcpClient client, CancellationToken token)
    {
        using (client)
        {
            using StreamReader input = new(client.GetStream());
            await using StreamWriter output = new(client.GetStream()) { AutoFlush = true };
            while (await input.ReadLineAsync(token) is { } line)
            {
                await output.WriteLineAsync(line.AsMemory(), token);
            }
        }
    }

    private static async Task<IReadOnlyList<string>> TalkAsync(
        IPEndPoint address, IReadOnlyList<string> lines, PatternRun run, CancellationToken token)
    {
        using TcpClient client = new();
        await client.ConnectAsync(address, token);
        using StreamReader input = new(client.GetStream());
        await using StreamWriter output = new(client.GetStream()) { AutoFlush = true };
        List<string> answers = [];
        foreach (string line in lines)
        {
            await output.WriteLineAsync(line.AsMemory(), token);
            string answer = await input.ReadLineAsync(token) ?? throw new EndOfStreamException("The server has hung up.");
            run.Event("client", $"sent \"{line}\", received \"{answer}\"");
            answers.Add(answer);
        }

        return answers;
    }
}
