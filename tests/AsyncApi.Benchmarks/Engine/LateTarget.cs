using System.Globalization;
using AsyncApi.TestSupport;

namespace AsyncApi.Benchmarks.Engine;

/// <summary>
/// nginx on a processor of its own, which answers <c>/wait/{ms}</c> after so long: to 500 at once wrk saw 51 ms for 50, where Kestrel with
/// <c>Task.Delay</c> took 54. It listens on every address of 127.0.0.0/8.
/// </summary>
internal static class LateTarget
{
    private const string Module = "ngx_http_echo_module.so";

    private static readonly string[] ModuleFolders = ["/usr/lib/nginx/modules", "/usr/share/nginx/modules", "/usr/lib64/nginx/modules"];

    public static async Task<Nginx> StartAsync(IEnumerable<int> milliseconds)
    {
        string module = ModuleFolders.Select(static folder => Path.Combine(folder, Module)).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException($"{Module} not found; on Debian or Ubuntu: apt-get install libnginx-mod-http-echo");
        IEnumerable<string> locations = milliseconds.Select(wait => string.Create(
            CultureInfo.InvariantCulture, $"    location = {PathOf(wait)} {{ echo_sleep {wait / 1000.0:0.000}; echo_exec /ok; }}\n"));
        return await Nginx.StartAsync(
            new NginxSite(string.Concat([.. locations, "    location = /ok { internal; return 200; }\n"])) { Listen = "0.0.0.0", Modules = [module] },
            Machine.TargetCore);
    }

    public static string PathOf(int milliseconds) => string.Create(CultureInfo.InvariantCulture, $"/wait/{milliseconds}");
}
