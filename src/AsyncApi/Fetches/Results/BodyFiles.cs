using System.Globalization;
using AsyncApi.Storage;

namespace AsyncApi.Fetches.Results;

/// <summary>Where the bodies lie that are too large for a row. Paths are made of numbers alone, never of input.</summary>
internal sealed class BodyFiles(DataFolder folder)
{
    /// <summary>All bodies of one fetch.</summary>
    public string FolderOf(long fetchKey) => Path.Combine(folder.Bodies, fetchKey.ToString(CultureInfo.InvariantCulture));

    /// <summary>The body of one result.</summary>
    public string PathOf(long fetchKey, int seq) => Path.Combine(FolderOf(fetchKey), seq.ToString(CultureInfo.InvariantCulture));
}
