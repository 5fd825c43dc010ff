using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AsyncApi.Patterns.Sockets;

internal sealed record UdpEchoParameters
{
    [Description("How many datagrams the client sends."), Range(1, 50)]
    public int Datagrams { get; init; } = 3;

    [Description("Which of them the server loses; 0 for none."), Range(0, 50)]
    public int Lost { get; init; } = 2;

    [Description("How long the client waits for an answer, in seconds."), Range(0.05, 5.0)]
    public double TimeoutSeconds { get; init; } = 0.5;
}

[SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "Loopback alone, to the port that the run itself has just opened.")]
internal sealed class UdpEchoPattern() : Pattern<UdpEchoParameters>(
    "udp-echo",
    "Datagrams there and back",
    "Each datagram is answered or lost, and nothing says which: only a timeout of one's own ends the wait for the answer.",
    asyncio: "loop.create_datagram_endpoint with a DatagramProtocol",
    dotnet: "UdpClient, CancellationTokenSource.CancelAfter")
{
    protected override async Task<object?> RunAsync(UdpEchoParameters parameters, PatternRun run, CancellationToken token)
    {
        using UdpClient socket = new(new IPEndPoint(IPAddress.Loopback, port: 0));
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(token);
        Task server = run.SpanAsync("server", inner => EchoAsync(socket, parameters.Lost, run, inner), stop.Token);

        IPEndPoint address = (IPEndPoint)socket.Client.LocalEndPoint!;
        string[] answers = await run.SpanAsync("client", inner => TalkAsync(address, parameters, run, inner), token);
        await stop.CancelAsync();
        await server.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return answers;
    }

    private static async Task EchoAsync(UdpClient socket, int lost, PatternRun run, CancellationToken token)
    {
        for (int number = 1; ; number++)
        {
            UdpReceiveResult received = await socket.ReceiveAsync(token);
            if (number == lost)
            {
                run.Event("server", $"loses datagram {number}");
            }
            else
            {
                await socket.SendAsync(received.Buffer, received.RemoteEndPoint, token);
            }
        }
    }

    private static async Task<string[]> TalkAsync(IPEndPoint address, UdpEchoParameters parameters, PatternRun run, CancellationToken token)
    {
        using UdpClient socket = new(new IPEndPoint(IPAddress.Loopback, port: 0));
        socket.Connect(address);
        string[] answers = new string[parameters.Datagrams];
        for (int index = 0; index < answers.Length; index++)
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes($"datagram {index + 1}"), token);
            answers[index] = await AnswerAsync(socket, parameters.TimeoutSeconds, run, token);
            run.Event("client", answers[index]);
        }

        return answers;
    }

    private static async Task<string> AnswerAsync(UdpClient socket, double timeoutSeconds, PatternRun run, CancellationToken token)
    {
        using CancellationTokenSource timeout = new(TimeSpan.FromSeconds(timeoutSeconds), run.Time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, token);
        try
        {
            UdpReceiveResult answer = await socket.ReceiveAsync(either.Token);
            return Encoding.UTF8.GetString(answer.Buffer);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !token.IsCancellationRequested)
        {
            return $"no answer within {timeoutSeconds} s";
        }
    }
}
