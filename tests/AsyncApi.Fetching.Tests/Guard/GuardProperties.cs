using System.Net;
using FsCheck;
using FsCheck.Fluent;

namespace AsyncApi.Fetching.Tests.Guard;

public sealed class GuardProperties
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(5000).WithQuietOnSuccess(true);

    private static readonly AddressPolicy[] PoliciesToTry = [new(), Policies.Allowing("127.0.0.0/8"), Policies.Allowing("10.0.0.0/8:8080", "::1")];

    [Fact]
    public void UrlRules_any_text_never_throws_and_never_lets_a_forbidden_literal_through() =>
        Check.One(Thorough, Prop.ForAll(Urls().ToArbitrary(), text => Array.TrueForAll(PoliciesToTry, policy => IsSafe(text, policy))));

    [Fact]
    public void RedirectRules_any_location_never_throws_and_never_leads_to_a_forbidden_literal() =>
        Check.One(Thorough, Prop.ForAll(Urls().ToArbitrary(), text => Array.TrueForAll(PoliciesToTry, policy =>
            !RedirectRules.TryFollow(new Uri("http://example.test/a/b"), text, policy, out Uri? next, out _) || IsAllowed(next, policy))));

    [Fact]
    public void AddressPolicy_any_ipv4_inside_ipv6_is_refused() =>
        Check.One(Thorough, Prop.ForAll(Gen.Choose(0, 255).Select(part => (byte)part).ArrayOf(4).ToArbitrary(), bytes =>
        {
            AddressPolicy policy = Policies.Allowing("0.0.0.0/0");
            return Embeddings(bytes).All(address => !policy.Allows(address, 443));
        }));

    [Fact]
    public void HeaderRules_any_accepted_header_can_be_added_and_has_one_line() =>
        Check.One(Thorough, Prop.ForAll(Soup().ToArbitrary(), text =>
        {
            if (HeaderRules.FaultOf("X-A", text) is not null)
                return true;
            using HttpRequestMessage request = new();
            request.Headers.Add("X-A", text);
            return !text.Any(char.IsControl);
        }));

    private static bool IsSafe(string text, AddressPolicy policy) =>
        !UrlRules.TryParse(text, policy, out Uri? uri, out _) || (IsAllowed(uri, policy) && uri.UserInfo.Length == 0 && uri.Fragment.Length == 0);

    // On purpose by the framework's lax parser: whatever anyone could read as an address must be one that is allowed.
    private static bool IsAllowed(Uri uri, AddressPolicy policy) =>
        uri.Scheme is "http" or "https" && (!IPAddress.TryParse(uri.IdnHost.TrimEnd('.'), out IPAddress? address) || policy.Allows(address, uri.Port));

    private static Gen<string> Urls()
    {
        Gen<string> prefix = Gen.Elements("", "http://", "https://", "HTTP://", "//", "http:", "http:\\\\", "http://a@", "http://[", "file://", "/", " http://");
        Gen<string> host = Gen.OneOf(Soup(), Gen.Elements("127.1", "0x7f.1", "::1", "::ffff:127.0.0.1", "10.0.0.1", "93.184.216.34", "2130706433",
            "\u2460\u2461\u2466.\u24ea.\u24ea.\u2460", "127\u30020\u30020\u30021", "localhost", "xn--", "xn--a.test", "a\u2025b", "example.test"));
        Gen<string> suffix = Gen.OneOf(Gen.Elements("", "/", ".", "./", "]", "]:80/", ":80", ":0/", ":65536", "#", "?", "\\", "@b/", "%00"), Soup());
        return from a in prefix from b in host from c in suffix from d in suffix select a + b + c + d;
    }

    private static Gen<string> Soup() => Gen.OneOf(
        Gen.Elements("0123456789abcdefx.:[]%@/\\#?- \t\r\n\0\u007f\u0085\u00ad\u200d\u202e\u2025\u3002\uff0e\uff11\u2460\u24db\ud83d\ude00".ToCharArray())
            .ListOf().Select(chars => string.Concat(chars)),
        ArbMap.Default.GeneratorFor<string>().Select(text => text ?? ""));

    private static IEnumerable<IPAddress> Embeddings(byte[] v4)
    {
        string hex = $"{v4[0]:x2}{v4[1]:x2}:{v4[2]:x2}{v4[3]:x2}";
        string inverted = $"{(byte)~v4[0]:x2}{(byte)~v4[1]:x2}:{(byte)~v4[2]:x2}{(byte)~v4[3]:x2}";
        string[] forms =
        [
            $"::ffff:{hex}", $"::{hex}", $"::ffff:0:{hex}", $"64:ff9b::{hex}", $"64:ff9b:1::{hex}", $"2002:{hex}::", $"2002:{hex}::1",
            $"2001:0:4136:e378:8000:63bf:{inverted}", $"fe80::5efe:{hex}", $"fe80::200:5efe:{hex}",
        ];
        return forms.Select(IPAddress.Parse);
    }
}
