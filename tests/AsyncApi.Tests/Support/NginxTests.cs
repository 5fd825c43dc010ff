using AsyncApi.TestSupport;

namespace AsyncApi.Tests.Support;

public sealed class NginxTests
{
    [Fact]
    public async Task Folder_is_served_byte_for_byte_and_the_process_ends_with_its_owner()
    {
        using TempFolder folder = new();
        byte[] content = [0, 1, 2, 255];
        await File.WriteAllBytesAsync(folder.File("a file"), content, TestContext.Current.CancellationToken);
        using HttpClient client = new();

        Nginx nginx = await Nginx.StartAsync(new Dictionary<string, string> { ["/files/"] = folder.Path });
        byte[] served = await client.GetByteArrayAsync(new Uri(nginx.Address, "files/a%20file"), TestContext.Current.CancellationToken);
        await nginx.DisposeAsync();

        served.ShouldBe(content);
        await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync(nginx.Address, TestContext.Current.CancellationToken));
    }
}
