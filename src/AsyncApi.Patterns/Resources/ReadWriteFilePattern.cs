using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AsyncApi.Patterns.Resources;

internal sealed record ReadWriteFileParameters
{
    [Description("What is written."), Length(1, 10_000)]
    public string Text { get; init; } = "first line\nsecond line\nthird line";
}

internal sealed record ReadWriteFileResult(string Text, IReadOnlyList<string> Lines, bool ClosedOnFailure);

internal sealed class ReadWriteFilePattern() : Pattern<ReadWriteFileParameters>(
    "read-write-file",
    "Write a file, read it back",
    "The same text comes back, whole and line by line; a file whose reader fails is closed all the same.",
    asyncio: "aiofiles.open, or asyncio.to_thread(path.read_text)",
    dotnet: "File.WriteAllTextAsync, File.ReadAllTextAsync, File.ReadLinesAsync, await using")
{
    protected override async Task<object?> RunAsync(ReadWriteFileParameters parameters, PatternRun run, CancellationToken token)
    {
        using RunFolder folder = RunFolder.Create(run.Host);
        string file = folder.File("text");
        await run.SpanAsync("write", inner => File.WriteAllTextAsync(file, parameters.Text, inner), token);
        string text = await run.SpanAsync("read", inner => File.ReadAllTextAsync(file, inner), token);
        List<string> lines = await run.SpanAsync("read lines", ReadLinesAsync, token);
        await run.SpanAsync("fail", FailAsync, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return new ReadWriteFileResult(text, lines, await IsFreeAsync(file));

        async Task<List<string>> ReadLinesAsync(CancellationToken inner)
        {
            List<string> read = [];
            await foreach (string line in File.ReadLinesAsync(file, inner))
            {
                run.Event("read lines", line);
                read.Add(line);
            }

            return read;
        }

        async Task FailAsync(CancellationToken inner)
        {
            await using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.None, bufferSize: 0, useAsync: true);
            await stream.ReadExactlyAsync(new byte[1], inner);
            throw new InvalidOperationException("failed in the middle of the file");
        }
    }

    // A file that somebody has open is not given to one who wants it alone.
    private static async Task<bool> IsFreeAsync(string file)
    {
        try
        {
            await using FileStream alone = new(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
