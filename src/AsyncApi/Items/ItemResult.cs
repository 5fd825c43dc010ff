using System.Security.Cryptography;
using System.Text;

namespace AsyncApi.Items;

/// <summary>What the handling of an item's data comes to.</summary>
/// <param name="Length">Characters: Unicode code points, as Python counts them.</param>
/// <param name="Words">Runs of characters with white space around them.</param>
/// <param name="Sha256">Of the data's UTF-8, in lower-case hexadecimal digits.</param>
internal sealed record ItemResult(long Length, long Words, string Sha256)
{
    public static ItemResult Of(string data)
    {
        long length = 0;
        long words = 0;
        bool inWord = false;
        foreach (Rune rune in data.EnumerateRunes())
        {
            bool blank = Rune.IsWhiteSpace(rune);
            words += !blank && !inWord ? 1 : 0;
            inWord = !blank;
            length++;
        }

        return new ItemResult(length, words, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(data))));
    }
}
