namespace AsyncApi.Files;

/// <summary>What the documentation shows.</summary>
internal static class FileExamples
{
    public const string Path = "reports/2026/november.csv";

    private const string Hash = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";

    public static FileView File { get; } = new(Path, 5_120, Hash, "text/csv");

    public static UploadView Upload { get; } = new([File]);

    public static FolderView Folder { get; } = new(
        "reports/",
        [
            new FolderItemView("2026/", "/files/reports/2026/", null, null, null, null),
            new FolderItemView(
                "readme.txt", "/files/reports/readme.txt", 3, Hash, "text/plain", new DateTimeOffset(2026, 11, 20, 8, 15, 30, 123, TimeSpan.Zero)),
        ],
        null);
}
