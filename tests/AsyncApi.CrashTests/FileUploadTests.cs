using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using AsyncApi.TestSupport;

namespace AsyncApi.CrashTests;

/// <summary>Files of a service that is killed, and that is given little memory.</summary>
public sealed class FileUploadTests
{
    private const int Sent = 5_000_000;
    private const long Large = 256L * 1024 * 1024;
    private const long Growth = 96L * 1024 * 1024;

    private static readonly Uri Kept = new("/files/kept", UriKind.Relative);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Upload_killedInTheMiddle_leavesNothing_andWhatWasThereStays()
    {
        await using RestartableService service = await RestartableService.StartAsync();
        (await PutAsync(service, new ByteArrayContent([1, 2, 3]))).ShouldBe(HttpStatusCode.Created);
        string folder = Path.Combine(service.DataFolder, "files");
        using MultipartFormDataContent form = new();
        form.Add(new ByteArrayContent([4]), "f", "first");
        form.Add(new SlowContent(Sent, hangs: true), "f", "second");
        Task[] uploads =
        [
            PutAsync(service, new SlowContent(Sent, hangs: true)),
            service.Client.PostAsync(new Uri("/files", UriKind.Relative), form, Token),
        ];
        await Eventually.Until(() => Directory.GetFiles(folder, "*.part").Length == 2 && Directory.GetFiles(folder).Length == 4);

        await service.KillAsync();
        foreach (Task upload in uploads)
        {
            await Should.ThrowAsync<Exception>(upload);
        }

        await service.StartAgainAsync();

        Directory.GetFiles(folder).Length.ShouldBe(1);
        (await service.Client.GetByteArrayAsync(Kept, Token)).ShouldBe([1, 2, 3]);
        foreach (string cut in (string[])["first", "second"])
        {
            using HttpResponseMessage answer = await service.Client.GetAsync(new Uri($"/files/{cut}", UriKind.Relative), Token);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }
    }

    [Fact]
    public async Task LargeFile_goesThereAndBack_inLittleMemory()
    {
        await using RestartableService service = await RestartableService.StartAsync();
        (await PutAsync(service, new SlowContent(1_000_000, hangs: false))).ShouldBe(HttpStatusCode.Created);
        long before = await PeakAsync(service);

        (await PutAsync(service, new SlowContent(Large, hangs: false))).ShouldBe(HttpStatusCode.OK);
        await using Stream body = await service.Client.GetStreamAsync(Kept, Token);
        byte[] hash = await SHA256.HashDataAsync(body, Token);

        using HttpRequestMessage head = new(HttpMethod.Head, Kept);
        using HttpResponseMessage answer = await service.Client.SendAsync(head, Token);
        answer.Headers.ETag!.Tag.ShouldBe($"\"{Convert.ToHexStringLower(hash)}\"");
        (await PeakAsync(service) - before).ShouldBeLessThan(Growth);
    }

    private static async Task<HttpStatusCode> PutAsync(RestartableService service, HttpContent content)
    {
        using HttpResponseMessage answer = await service.Client.PutAsync(Kept, content, Token);
        return answer.StatusCode;
    }

    // The most that was ever resident, in bytes, as Linux counts it.
    private static async Task<long> PeakAsync(RestartableService service)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The peak is read from /proc.");
        string status = await File.ReadAllTextAsync($"/proc/{service.Life.ProcessId}/status", Token);
        string line = status.Split('\n').Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>So many bytes without a length, and then, where it hangs, no end.</summary>
    private sealed class SlowContent : HttpContent
    {
        private readonly long _bytes;
        private readonly bool _hangs;

        public SlowContent(long bytes, bool hangs)
        {
            (_bytes, _hangs) = (bytes, hangs);
            Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            byte[] chunk = new byte[100_000];
            for (long left = _bytes; left > 0; left -= chunk.Length)
            {
                await stream.WriteAsync(chunk.AsMemory(0, (int)Math.Min(left, chunk.Length)), cancellationToken);
            }

            await stream.FlushAsync(cancellationToken);
            if (_hangs)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
