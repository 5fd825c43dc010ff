using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace AsyncApi.CrashTests;

/// <summary>Uploads on a full disk: refused whole, with nothing left of them, and taken when there is room.</summary>
public sealed class FullDiskUploadTests
{
    private const int LeftOver = 2 * 1024 * 1024;
    private const int Large = 6_000_000;
    private const int Small = 1_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Uploads_onAFullDisk_areRefusedWholeAndTakenLater()
    {
        await using SmallDisk disk = await SmallDisk.MountAsync();
        await using RestartableService service = await RestartableService.StartAsync(disk.DataFolder);
        (await PutAsync(service, "kept", Small)).ShouldBe(HttpStatusCode.Created);
        await disk.FillAsync(LeftOver);

        (await PutAsync(service, "new", Large)).ShouldBe(HttpStatusCode.InsufficientStorage);
        (await PutAsync(service, "kept", Large)).ShouldBe(HttpStatusCode.InsufficientStorage);
        (await PostAsync(service, "form")).ShouldBe(HttpStatusCode.InsufficientStorage);

        Directory.GetFiles(Path.Combine(service.DataFolder, "files")).Length.ShouldBe(1, "nothing is left of what was refused");
        foreach (string refused in (string[])["new", "first", "second"])
        {
            (await StatusAsync(service, refused)).ShouldBe(HttpStatusCode.NotFound);
        }

        await ShouldHoldAsync(service, "kept", Small);
        disk.MakeRoom();

        // The key was not used up by the refusal, and is by the success.
        (await PostAsync(service, "form")).ShouldBe(HttpStatusCode.Created);
        (await PostAsync(service, "form")).ShouldBe(HttpStatusCode.Created);
        (await PutAsync(service, "kept", Large)).ShouldBe(HttpStatusCode.OK);
        await ShouldHoldAsync(service, "first", Small);
        await ShouldHoldAsync(service, "second", Large);
        await ShouldHoldAsync(service, "kept", Large);
        Directory.GetFiles(Path.Combine(service.DataFolder, "files")).Length.ShouldBe(3);
        (await service.StopAsync()).ShouldBe(0);
        await StoredData.ShouldBeIntactAsync(service.DataFolder);
    }

    private static async Task<HttpStatusCode> PutAsync(RestartableService service, string path, int size)
    {
        using ByteArrayContent content = new(BytesOf(size));
        using HttpResponseMessage answer = await service.Client.PutAsync(new Uri($"/files/{path}", UriKind.Relative), content, Token);
        return await CheckAsync(answer);
    }

    private static async Task<HttpStatusCode> PostAsync(RestartableService service, string key)
    {
        using MultipartFormDataContent form = new("the-same-each-time");
        form.Add(new ByteArrayContent(BytesOf(Small)), "f", "first");
        form.Add(new ByteArrayContent(BytesOf(Large)), "f", "second");
        using HttpRequestMessage request = new(HttpMethod.Post, "/files") { Content = form };
        request.Headers.Add("Idempotency-Key", key);
        using HttpResponseMessage answer = await service.Client.SendAsync(request, Token);
        return await CheckAsync(answer);
    }

    /// <summary>A refusal must say why, in a problem.</summary>
    private static async Task<HttpStatusCode> CheckAsync(HttpResponseMessage answer)
    {
        if (answer.StatusCode == HttpStatusCode.InsufficientStorage)
        {
            answer.Content.Headers.ContentType.ShouldBe(new MediaTypeHeaderValue("application/problem+json"));
            using JsonDocument problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token));
            problem.RootElement.GetProperty("type").GetString().ShouldNotBeNull().ShouldEndWith("insufficient-storage");
        }

        return answer.StatusCode;
    }

    private static async Task<HttpStatusCode> StatusAsync(RestartableService service, string path)
    {
        using HttpResponseMessage answer = await service.Client.GetAsync(new Uri($"/files/{path}", UriKind.Relative), Token);
        return answer.StatusCode;
    }

    private static async Task ShouldHoldAsync(RestartableService service, string path, int size)
    {
        byte[] body = await service.Client.GetByteArrayAsync(new Uri($"/files/{path}", UriKind.Relative), Token);
        body.AsSpan().SequenceEqual(BytesOf(size)).ShouldBeTrue(path);
    }

    private static byte[] BytesOf(int size) => [.. Enumerable.Range(0, size).Select(i => (byte)(i % 251))];
}
