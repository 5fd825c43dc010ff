using AsyncApi.Files;
using FsCheck;
using FsCheck.Fluent;

namespace AsyncApi.Tests.Files;

public sealed class FileNamesTests
{
    [Theory]
    [InlineData("", "holds an empty name")]
    [InlineData("/", "holds an empty name")]
    [InlineData("/etc/passwd", "holds an empty name")]
    [InlineData("a//b", "holds an empty name")]
    [InlineData("a/", "holds an empty name")]
    [InlineData(".", "must not lead elsewhere by . or ..")]
    [InlineData("..", "must not lead elsewhere by . or ..")]
    [InlineData("a/../b", "must not lead elsewhere by . or ..")]
    [InlineData("../../x", "must not lead elsewhere by . or ..")]
    [InlineData("..%2f", "must not hold a dot file")]
    [InlineData("....//", "must not hold a dot file")]
    [InlineData(".env", "must not hold a dot file")]
    [InlineData(".git/config", "must not hold a dot file")]
    [InlineData("a/.htaccess", "must not hold a dot file")]
    [InlineData("a\0.html", "must not hold NUL")]
    [InlineData(@"a\b", "must not hold a backslash")]
    [InlineData(@"\\host\share", "must not hold a backslash")]
    [InlineData("a.txt.", "must not hold a name that ends in a dot or a blank")]
    [InlineData("a.txt ", "must not hold a name that ends in a dot or a blank")]
    [InlineData("a%2e%2e", "must not hold a dot, slash, backslash or NUL that is still encoded")]
    [InlineData("%2E%2E/b", "must not hold a dot, slash, backslash or NUL that is still encoded")]
    [InlineData("a%2Fb", "must not hold a dot, slash, backslash or NUL that is still encoded")]
    [InlineData("a%5cb", "must not hold a dot, slash, backslash or NUL that is still encoded")]
    [InlineData("a.txt%00.html", "must not hold a dot, slash, backslash or NUL that is still encoded")]
    [InlineData("C:", "must not hold a name that is reserved for a device, a drive or a stream")]
    [InlineData("c:x", "must not hold a name that is reserved for a device, a drive or a stream")]
    [InlineData("a.txt::$DATA", "must not hold a name that is reserved for a device, a drive or a stream")]
    [InlineData("CON", "must not hold a name that is reserved for a device, a drive or a stream")]
    [InlineData("a/nul.txt", "must not hold a name that is reserved for a device, a drive or a stream")]
    [InlineData("Prn .tar.gz", "must not hold a name that is reserved for a device, a drive or a stream")]
    [InlineData("aux", "must not hold a name that is reserved for a device, a drive or a stream")]
    [InlineData("lpt9", "must not hold a name that is reserved for a device, a drive or a stream")]
    [InlineData("COM\u00b9", "must not hold a name that is reserved for a device, a drive or a stream")]
    [InlineData("conin$", "must not hold a name that is reserved for a device, a drive or a stream")]
    public void Path_that_could_mean_something_else_is_refused(string text, string fault)
    {
        FilePath.TryParse(text, out FilePath? path, out string? found).ShouldBeFalse();

        found.ShouldBe(fault);
        path.ShouldBeNull();
    }

    [Theory]
    [InlineData("a")]
    [InlineData("A/b c/d.txt")]
    [InlineData("2026-11-21T08:15:30.123Z.log")]
    [InlineData("con-sole/console/COM/com10/lpt/nulls.txt")]
    [InlineData("a..b/c...d")]
    [InlineData("100%/50% off.txt")]
    [InlineData("-rf")]
    [InlineData("~/$HOME/*?<>|\"'`;&#.txt")]
    [InlineData("\u202Egpj.exe")]
    [InlineData("a\nb")]
    [InlineData("日本語/😀.png")]
    public void Any_other_path_is_taken(string text)
    {
        FilePath.TryParse(text, out FilePath? path, out string? fault).ShouldBeTrue(fault);

        path!.Value.ShouldBe(text);
        Uri.UnescapeDataString(path.Url).ShouldBe("/files/" + text);
    }

    [Fact]
    public void Half_a_character_is_refused()
    {
        FilePath.TryParse("a\ud800b", out _, out string? fault).ShouldBeFalse();
        fault.ShouldBe("must be well-formed Unicode");
        FilePath.TryParse("\udc00", out _, out _).ShouldBeFalse();
    }

    [Fact]
    public void Length_is_counted_in_bytes()
    {
        FilePath.TryParse(new string('a', 255), out _, out _).ShouldBeTrue();
        FilePath.TryParse(new string('a', 256), out _, out string? fault).ShouldBeFalse();
        fault.ShouldBe("must not hold a name of more than 255 bytes, has one of 256");
        FilePath.TryParse(string.Concat(Enumerable.Repeat("😀", 63)), out _, out _).ShouldBeTrue();
        FilePath.TryParse(string.Concat(Enumerable.Repeat("😀", 64)), out _, out _).ShouldBeFalse();
        FilePath.TryParse(string.Join('/', Enumerable.Repeat(new string('b', 204), 5)), out _, out _).ShouldBeTrue();
        FilePath.TryParse(string.Join('/', Enumerable.Repeat(new string('b', 205), 5)), out _, out fault).ShouldBeFalse();
        fault.ShouldBe("may have 1024 bytes, has 1029");
    }

    [Fact]
    public void Path_knows_its_folders()
    {
        FilePath.TryParse("a/b/c.txt", out FilePath? path, out _).ShouldBeTrue();

        (path!.Folder, path.Name, path.AsFolder).ShouldBe(("a/b/", "c.txt", "a/b/c.txt/"));
        path.Parents().Select(parent => (parent.Folder, parent.Name)).ShouldBe([("", "a"), ("a/", "b")]);
    }

    [Fact]
    public void No_path_leads_out_of_a_folder()
    {
        string root = Path.Combine(Path.GetTempPath(), "root");

        Prop.ForAll<string>(text => !FilePath.TryParse(text ?? "", out FilePath? path, out _)
            || Path.GetFullPath(Path.Combine(root, path.Value)).StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal)).QuickCheckThrowOnFailure();
    }
}
