using AsyncApi.Tests.Fetches;
using AsyncApi.TestSupport;
using Microsoft.Extensions.Logging;

namespace AsyncApi.Tests.Files;

/// <summary>An upload is whole or absent: what is cut leaves no file, no bytes and no quota.</summary>
public sealed class CutUploadTests(ITestOutputHelper output)
{
    private const int Cuts = 100;
    private const int Length = 900_000;

    [Theory]
    [InlineData("put")]
    [InlineData("form")]
    public async Task Upload_cut_at_any_byte_leaves_nothing(string kind)
    {
        int seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        byte[] kept = FileCalls.Bytes(1_000);
        await service.StoreAsync("/files/target", kept);

        (string head, byte[] body) = kind == "put" ? Put() : await FormAsync();
        await Parallel.ForAsync(0, Cuts, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            int at;
            lock (random)
                at = i < 4 ? body.Length - 1 - i : random.Next(body.Length);
            await using CutUpload upload = await CutUpload.SendAsync(service, head, body.AsMemory(0, at));
            upload.Cut(reset: i % 2 == 0);
        });

        await Eventually.Until(() => service.Blobs().Length == 1 && service.Taken() == kept.Length);
        (await service.NamesAsync()).ShouldBe(["target"]);
        (await service.ReadAsync("/files/target")).ShouldBe(kept);
        // But for Kestrel's own: a reset that meets a read which is just beginning leaves its reader reading, and it says so.
        service.Log.Lines.Where(line => line.Level >= LogLevel.Error && !line.Text.Contains("automatic draining", StringComparison.Ordinal))
            .ShouldBeEmpty();
        await ShouldTakeTheWholeAsync(service, head, body);
    }

    // The same bytes to their end are a file: what was tested was the cut and not the request.
    private static async Task ShouldTakeTheWholeAsync(ServiceUnderTest service, string head, byte[] body)
    {
        string answer = await service.RawAsync(head.Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", StringComparison.Ordinal), body);
        answer.ShouldStartWith("HTTP/1.1 20");
        (await service.ReadAsync("/files/target")).Length.ShouldBe(Length);
    }

    private static (string Head, byte[] Body) Put() =>
        ($"PUT /files/target HTTP/1.1\r\nHost: localhost\r\nContent-Length: {Length}\r\n\r\n", FileCalls.Bytes(Length));

    private static async Task<(string Head, byte[] Body)> FormAsync()
    {
        using ByteArrayContent form = FileCalls.Form(("first", FileCalls.Bytes(50_000)), ("target", FileCalls.Bytes(Length)), ("last", []));
        byte[] body = await form.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        return ($"POST /files HTTP/1.1\r\nHost: localhost\r\nContent-Type: {form.Headers.ContentType}\r\nContent-Length: {body.Length}\r\n\r\n", body);
    }
}
