using System.Net;
using AsyncApi.Tests.Fetches;
using AsyncApi.TestSupport;

namespace AsyncApi.Tests.Files;

/// <summary>A canary lies beside the root, and in the root as a link: nothing that can be asked for sings.</summary>
public sealed class TraversalTests : IAsyncLifetime
{
    private const string Song = "the canary sings";

    private readonly TempFolder _folder = new();
    private ServiceUnderTest _service = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Request targets as they go over the wire.</summary>
    public static TheoryData<string> Targets =>
    [
        "/files/../canary", "/files/%2e%2e/canary", "/files/%2E%2E/canary", "/files/..%2fcanary", "/files/..%2Fcanary", "/files/%2e%2e%2fcanary",
        "/files/..%5ccanary", "/files/..\\canary", "/files/....//canary", "/files/%252e%252e/canary", "/files/%252e%252e%252fcanary",
        "/files/..%c0%afcanary", "/files/..%ef%bc%8fcanary", "/files/a/../../canary", "/files/./../canary", "/files/.../canary",
        "/files//etc/passwd", "/files/%2fetc%2fpasswd", "/files/%2Fetc/passwd", "/files/C:%5cboot.ini", "/files/C:/boot.ini", "/files/%5c%5chost%5cshare",
        "/files/canary%00.html", "/files/canary.", "/files/canary::$DATA", "/files/CON", "/files/nul.txt", "/files/.env", "/files/.git/config",
        "/files/.", "/files/..", "/files/%2e",
        "/files/file:///etc/passwd", "/files?path=../canary", "//files/../canary",
        "/files/" + "%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    ];

    /// <summary>What looks like a way out and is a name like any other: it is stored, and touches nothing.</summary>
    public static TheoryData<string> Names =>
    [
        "/files/asyncapi.db", "/files/asyncapi.lock", "/files/canary", "/files/link", "/files/link/canary", "/files/folder/canary", "/files/~root/canary",
        "/files/canary;/x", "/files/%u002e%u002e/canary", "/files/%", "/files/%zz", "/files/%2", "/files/a..b/c",
    ];

    public async ValueTask InitializeAsync()
    {
        string data = _folder.File("data");
        _service = await ServiceUnderTest.StartInAsync(data);
        await File.WriteAllTextAsync(_folder.File("canary"), Song, Token);
        await File.WriteAllTextAsync(Path.Combine(data, "canary"), Song, Token);
        File.CreateSymbolicLink(Path.Combine(data, "files", "link"), _folder.File("canary"));
        Directory.CreateSymbolicLink(Path.Combine(data, "files", "folder"), _folder.Path);
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task Nothing_outside_is_read_written_or_deleted(string target)
    {
        string[] before = Everything();
        foreach (string method in (string[])["GET", "HEAD", "PUT", "DELETE"])
        {
            string answer = await SendAsync(method, target);
            string status = answer.Split(' ')[1];
            bool isIndex = method is "GET" or "HEAD" && status == "200" && answer.Contains("application/json", StringComparison.Ordinal);
            (isIndex || status is "400" or "404" or "405").ShouldBeTrue($"{method} {target}: {answer}");
            answer.ShouldNotContain(Song);
            answer.ShouldNotContain("root:");
            answer.ShouldNotContain("SQLite format");
        }

        Everything().ShouldBe(before);
        (await _service.NamesAsync()).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Name_of_something_on_the_disk_is_a_name(string target)
    {
        string[] before = Everything();
        (await SendAsync("GET", target)).ShouldContain("404 Not Found");

        (await SendAsync("PUT", target)).ShouldStartWith("HTTP/1.1 201");
        (await SendAsync("GET", target)).ShouldEndWith("\r\n\r\nx");
        Everything().Length.ShouldBe(before.Length + 1);
        (await SendAsync("DELETE", target)).ShouldStartWith("HTTP/1.1 204");

        Everything().ShouldBe(before);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task No_filename_of_a_form_leads_out(string target)
    {
        string name = target.StartsWith("/files/", StringComparison.Ordinal) ? target["/files/".Length..] : target;
        string[] before = Everything();

        using HttpResponseMessage answer = await _service.UploadAsync((name, [1]));

        if (answer.StatusCode == HttpStatusCode.Created)
            Everything().Length.ShouldBe(before.Length + 1, "one more file of a made-up name in the folder of the bytes");
        else
            Everything().ShouldBe(before);
        (await File.ReadAllTextAsync(_folder.File("canary"), Token)).ShouldBe(Song);
    }

    [Fact]
    public async Task Link_in_place_of_the_bytes_is_not_followed()
    {
        await _service.StoreAsync("/files/a", FileCalls.Bytes(Song.Length));
        string blob = _service.Blobs().Single(path => Path.GetFileName(path).Length == 32);
        File.Delete(blob);
        File.CreateSymbolicLink(blob, _folder.File("canary"));

        (await _service.StatusAsync(HttpMethod.Get, "/files/a")).ShouldBe(HttpStatusCode.NotFound);
        (await _service.StatusAsync(HttpMethod.Delete, "/files/a")).ShouldBe(HttpStatusCode.NoContent);
        (await File.ReadAllTextAsync(_folder.File("canary"), Token)).ShouldBe(Song);
    }

    [Fact]
    public async Task Bytes_that_were_cut_off_are_not_served()
    {
        await _service.StoreAsync("/files/a", FileCalls.Bytes(100));
        string blob = _service.Blobs().Single(path => Path.GetFileName(path).Length == 32);
        await File.WriteAllTextAsync(blob, "short", Token);

        (await _service.StatusAsync(HttpMethod.Get, "/files/a")).ShouldBe(HttpStatusCode.NotFound);
    }

    private Task<string> SendAsync(string method, string target) => _service.RawAsync(
        $"{method} {target} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx");

    // Names and sizes; the database itself may be written to by what runs beside.
    private string[] Everything() =>
        [.. Directory.EnumerateFiles(_folder.Path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Where(path => !Path.GetFileName(path).StartsWith("asyncapi.", StringComparison.Ordinal))
            .Select(path => $"{path} {new FileInfo(path).Length}").Order(StringComparer.Ordinal)];
}
