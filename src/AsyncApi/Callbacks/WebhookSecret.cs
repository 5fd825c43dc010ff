using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace AsyncApi.Callbacks;

/// <summary>A secret of Standard Webhooks 1.0: <c>whsec_</c> and base64 of 24 to 64 bytes. It shows itself to nobody.</summary>
internal sealed class WebhookSecret
{
    public const string Prefix = "whsec_";
    public const int MinBytes = 24;
    public const int MaxBytes = 64;

    private readonly byte[] _key;

    private WebhookSecret(byte[] key) => _key = key;

    /// <summary>On false, <paramref name="fault"/> says what is wrong, without the text itself.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out WebhookSecret? secret, out string? fault)
    {
        secret = null;
        byte[] key = new byte[MaxBytes];
        if (text is null || !text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            fault = $"must begin with {Prefix}";
        }
        else if (!Base64.IsValid(text.AsSpan(Prefix.Length), out int length))
        {
            fault = $"must be base64 after {Prefix}";
        }
        else if (length is < MinBytes or > MaxBytes)
        {
            fault = $"must hold {MinBytes} to {MaxBytes} bytes, holds {length}";
        }
        else
        {
            Convert.TryFromBase64Chars(text.AsSpan(Prefix.Length), key, out int written);
            secret = new WebhookSecret(key[..written]);
            fault = null;
        }

        return secret is not null;
    }

    /// <summary>The signature of <c>id.timestamp.body</c> with its version: <c>v1,</c> and base64 of HMAC-SHA256.</summary>
    public string Sign(string id, string timestamp, ReadOnlySpan<byte> body)
    {
        using IncrementalHash hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        hash.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        hash.AppendData(body);
        return $"v1,{Convert.ToBase64String(hash.GetHashAndReset())}";
    }

    public override string ToString() => "***";
}
