using System.Security.Cryptography;
using AsyncApi.Callbacks;

namespace AsyncApi.Tests.Callbacks;

public sealed class WebhookSignatureTests
{
    // The example of the specification's own libraries.
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const string Body = """{"test": 2432232314}""";

    private static readonly DateTimeOffset Then = DateTimeOffset.FromUnixTimeSeconds(1_614_265_330);

    [Fact]
    public void Headers_are_those_of_the_specification() =>
        Headers(Secret).ShouldBe(
        [
            new("webhook-id", Id),
            new("webhook-timestamp", "1614265330"),
            new("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
        ]);

    [Fact]
    public void Each_secret_signs_while_they_rotate()
    {
        string other = $"whsec_{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}";

        string both = Signature(Secret, other);

        both.ShouldBe($"{Signature(Secret)} {Signature(other)}");
    }

    [Theory]
    [InlineData(null, "must begin with whsec_")]
    [InlineData("", "must begin with whsec_")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "must begin with whsec_")]
    [InlineData("whsec_", "must hold 24 to 64 bytes, holds 0")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS!", "must be base64")]
    [InlineData("whsec_AAAA", "must hold 24 to 64 bytes, holds 3")]
    public void Secret_that_breaks_the_rules_is_refused_without_being_shown(string? text, string reason)
    {
        WebhookSecret.TryParse(text, out WebhookSecret? secret, out string? fault).ShouldBeFalse();

        secret.ShouldBeNull();
        fault.ShouldNotBeNull().ShouldContain(reason);
        fault.ShouldNotContain("MfKQ");
    }

    [Theory]
    [InlineData(24)]
    [InlineData(64)]
    public void Secret_of_a_right_length_is_taken_and_shows_itself_to_nobody(int bytes)
    {
        WebhookSecret.TryParse($"whsec_{Convert.ToBase64String(new byte[bytes])}", out WebhookSecret? secret, out _).ShouldBeTrue();

        secret!.ToString().ShouldBe("***");
    }

    private static IEnumerable<KeyValuePair<string, string>> Headers(params string[] secrets) =>
        WebhookHeaders.Of(Id, Then, System.Text.Encoding.UTF8.GetBytes(Body), [.. secrets.Select(Parse)]);

    private static string Signature(params string[] secrets) => Headers(secrets).Last().Value;

    private static WebhookSecret Parse(string text) =>
        WebhookSecret.TryParse(text, out WebhookSecret? secret, out string? fault) ? secret : throw new FormatException(fault);
}
