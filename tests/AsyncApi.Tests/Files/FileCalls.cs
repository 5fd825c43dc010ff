using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using AsyncApi.Files;
using AsyncApi.Tests.Fetches;
using AsyncApi.Tests.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AsyncApi.Tests.Files;

/// <summary>What a client of files does, in one line each.</summary>
internal static class FileCalls
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static byte[] Bytes(int length, int seed = 1)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static Task<HttpResponseMessage> PutAsync(
        this ServiceUnderTest service, string path, byte[] bytes, string? contentType = null, params (string Name, string Value)[] headers) =>
        service.PutAsync(path, new ByteArrayContent(bytes), contentType, headers);

    public static async Task<HttpResponseMessage> PutAsync(
        this ServiceUnderTest service, string path, HttpContent content, string? contentType, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(HttpMethod.Put, path) { Content = content };
        if (contentType is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await service.Client.SendAsync(request, Token);
    }

    public static async Task StoreAsync(this ServiceUnderTest service, string path, byte[] bytes, string? contentType = null)
    {
        using HttpResponseMessage answer = await service.PutAsync(path, bytes, contentType);
        answer.StatusCode.ShouldBeOneOf(HttpStatusCode.Created, HttpStatusCode.OK);
    }

    public static async Task<byte[]> ReadAsync(this ServiceUnderTest service, string path) => await service.Client.GetByteArrayAsync(path, Token);

    public static async Task<HttpStatusCode> StatusAsync(this ServiceUnderTest service, HttpMethod method, string path)
    {
        using HttpRequestMessage request = new(method, path);
        using HttpResponseMessage answer = await service.Client.SendAsync(request, Token);
        return answer.StatusCode;
    }

    /// <summary>The names of a folder's index.</summary>
    public static async Task<string[]> NamesAsync(this ServiceUnderTest service, string folder = "/files/") =>
        [.. (await service.JsonAsync(folder)).GetProperty("items").EnumerateArray().Select(item => item.Text("name"))];

    /// <summary>All that lies in the folder of the files' bytes.</summary>
    public static string[] Blobs(this ServiceUnderTest service) => Directory.GetFiles(Path.Combine(service.Folder, "files"));

    public static long Taken(this ServiceUnderTest service) => service.Services.GetRequiredService<FileQuota>().Taken;

    /// <summary>A multipart body whose names are written as they are.</summary>
    public static ByteArrayContent Form(params (string? FileName, byte[] Bytes)[] files)
    {
        MemoryStream body = new();
        foreach ((string? name, byte[] bytes) in files)
        {
            string fileName = name is null ? "" : $"; filename=\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
            body.Write(Encoding.UTF8.GetBytes($"--limit\r\nContent-Disposition: form-data; name=\"f\"{fileName}\r\nContent-Type: text/plain\r\n\r\n"));
            body.Write(bytes);
            body.Write("\r\n"u8);
        }

        body.Write("--limit--\r\n"u8);
        ByteArrayContent content = new(body.ToArray());
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=limit");
        return content;
    }

    public static Task<HttpResponseMessage> UploadAsync(this ServiceUnderTest service, params (string? FileName, byte[] Bytes)[] files) =>
        service.Client.PostAsync("/files", Form(files), Token);

    /// <summary>Sends bytes as they are and reads the answer to its end.</summary>
    public static async Task<string> RawAsync(this ServiceUnderTest service, string head, byte[]? body = null)
    {
        using TcpClient tcp = new();
        await tcp.ConnectAsync(service.Address.Host, service.Address.Port, Token);
        NetworkStream stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(head), Token);
        await stream.WriteAsync(body ?? [], Token);
        using StreamReader reader = new(stream);
        return await reader.ReadToEndAsync(Token);
    }
}
