using System.Globalization;

namespace AsyncApi.StaticFiles;

/// <summary>One form in which a static file can be sent: as it is, or as it was compressed beforehand.</summary>
/// <param name="Bytes">Opened.</param>
/// <param name="Coding">Its content coding; null for the file itself.</param>
internal sealed record StaticVariant(FileStream Bytes, string? Coding) : IDisposable
{
    public DateTimeOffset ModifiedAt { get; } = new DateTimeOffset(File.GetLastWriteTimeUtc(Bytes.SafeFileHandle), TimeSpan.Zero);

    /// <summary>Strong: another length, another time or another coding is another tag.</summary>
    public string Tag => string.Create(CultureInfo.InvariantCulture, $"\"{Bytes.Length:x}-{ModifiedAt.UtcTicks:x}{(Coding is null ? "" : "-")}{Coding}\"");

    public void Dispose() => Bytes.Dispose();
}

/// <summary>The forms in which a file is there: <c>site.css</c>, and beside it <c>site.css.br</c> and <c>site.css.gz</c>.</summary>
internal sealed class StaticVariants : IDisposable
{
    private static readonly (string Ending, string Coding)[] Codings = [(".br", "br"), (".gz", "gzip")];

    private readonly List<StaticVariant> _all;

    private StaticVariants(StaticVariant plain) => _all = [plain];

    /// <summary>Whether the answer depends on what the client can decompress.</summary>
    public bool Vary { get; private set; }

    public static StaticVariants? Open(StaticFolder folder, string path)
    {
        if (folder.Open(path) is not { } bytes)
        {
            return null;
        }

        StaticVariant plain = new(bytes, null);
        StaticVariants variants = new(plain);
        foreach ((string ending, string coding) in Codings)
        {
            if (folder.Open(path + ending) is not { } compressed)
            {
                continue;
            }

            StaticVariant variant = new(compressed, coding);
            // One that is older was left behind when the file was changed.
            if (variant.ModifiedAt < plain.ModifiedAt)
            {
                variant.Dispose();
                continue;
            }

            variants._all.Add(variant);
            variants.Vary = true;
        }

        return variants;
    }

    /// <summary>The form that the client likes best, of equals the shortest; it is the caller's then.</summary>
    /// <param name="quality">How much the client likes a coding, 0 for not at all; "identity" is the file itself.</param>
    public StaticVariant Take(Func<string, double> quality)
    {
        StaticVariant best = _all[0];
        foreach (StaticVariant variant in _all.Skip(1))
        {
            double wanted = quality(variant.Coding!);
            double sofar = quality(best.Coding ?? "identity");
            if (wanted > 0 && (wanted > sofar || (wanted == sofar && variant.Bytes.Length < best.Bytes.Length)))
            {
                best = variant;
            }
        }

        _all.Remove(best);
        return best;
    }

    public void Dispose() => _all.ForEach(variant => variant.Dispose());
}
