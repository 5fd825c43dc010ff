using System.Globalization;
using AsyncApi.TestSupport;

namespace AsyncApi.Benchmarks.FanOut;

/// <summary>nginx on a processor of its own. Query strings make many URLs of few files, so that it opens each file once.</summary>
internal sealed class Target : IAsyncDisposable
{
    public const int Urls = 20_000;
    public const int BodyBytes = 1024;
    public const int Concurrency = 100;

    private const int Files = 1_000;

    private readonly TempFolder _folder;
    private readonly Nginx _nginx;

    private Target(TempFolder folder, Nginx nginx)
    {
        _folder = folder;
        _nginx = nginx;
    }

    public Uri Address => new(_nginx.Address, "files/");

    public static async Task<Target> StartAsync(CancellationToken token)
    {
        TempFolder folder = new();
        try
        {
            byte[] content = new byte[BodyBytes];
            for (int i = 0; i < Files; i++)
            {
                Array.Fill(content, (byte)('a' + (i % 26)));
                await File.WriteAllBytesAsync(folder.File(Name(i)), content, token);
            }

            return new Target(folder, await Nginx.StartAsync(new Dictionary<string, string> { ["/files/"] = folder.Path }, Machine.TargetCore));
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>All URLs, each once.</summary>
    public static IEnumerable<Uri> UrlsOf(Uri address) =>
        Enumerable.Range(0, Urls).Select(i => new Uri(address, string.Create(CultureInfo.InvariantCulture, $"{Name(i % Files)}?n={i / Files}")));

    public async ValueTask DisposeAsync()
    {
        await _nginx.DisposeAsync();
        _folder.Dispose();
    }

    private static string Name(int file) => string.Create(CultureInfo.InvariantCulture, $"{file:0000}.bin");
}
