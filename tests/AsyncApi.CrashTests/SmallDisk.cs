using System.Diagnostics;
using AsyncApi.TestSupport;

namespace AsyncApi.CrashTests;

/// <summary>A file system of its own of 20 MB, in memory, which a test can fill up and make room on again.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private const int Block = 64 * 1024;

    private readonly TempFolder _mountPoint = new();

    private SmallDisk()
    {
    }

    public string Path => _mountPoint.Path;

    public string DataFolder => _mountPoint.File("data");

    private string Ballast => _mountPoint.File("ballast");

    /// <summary>Mounts it; the test is skipped where that is not allowed.</summary>
    public static async Task<SmallDisk> MountAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root can mount a small disk to fill up.");
        SmallDisk disk = new();
        if (await RunAsync("mount", "-t", "tmpfs", "-o", "size=20m", "asyncapi-test", disk.Path) is { } refusal)
        {
            disk._mountPoint.Dispose();
            Assert.Skip($"No small disk can be mounted here: {refusal}");
        }

        return disk;
    }

    /// <summary>Takes all room but this much.</summary>
    public async Task FillAsync(long leave)
    {
        await using FileStream ballast = new(Ballast, FileMode.Append);
        for (long free = Free(); free > leave; free -= Block)
        {
            await ballast.WriteAsync(new byte[Math.Min(Block, free - leave)], TestContext.Current.CancellationToken);
        }
    }

    public void MakeRoom() => File.Delete(Ballast);

    public async ValueTask DisposeAsync()
    {
        // A process that another test is just starting has this one's files open for a moment, and so keeps the disk busy.
        await Eventually.Until(async () => await RunAsync("umount", Path) is null);
        _mountPoint.Dispose();
    }

    private long Free() => new DriveInfo(Path).AvailableFreeSpace;

    /// <summary>Null, or what the command had to say when it failed.</summary>
    private static async Task<string?> RunAsync(string command, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(command, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        string error = await process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode == 0 ? null : error.Trim();
    }
}
