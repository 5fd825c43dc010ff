using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;

namespace AsyncApi.Fetching;

/// <summary>Ports from <paramref name="First"/> to <paramref name="Last"/>, both included.</summary>
/// <param name="First">1 to 65,535.</param>
/// <param name="Last">Not below <paramref name="First"/>.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PortRange(int First, int Last)
{
    /// <summary>Reads <c>443</c> or <c>8000-8999</c>. Never throws; on false, <paramref name="error"/> names the entry and what is right.</summary>
    public static bool TryParse(string? text, out PortRange range, [NotNullWhen(false)] out string? error)
    {
        range = default;
        error = null;
        int dash = text?.IndexOf('-') ?? -1;
        if (!TryPort(dash < 0 ? text : text![..dash], out int? first) || !TryPort(dash < 0 ? text : text![(dash + 1)..], out int? last))
            error = $"'{text}' is not a port or a range of ports: use numbers from 1 to 65535, such as 443 or 8000-8999.";
        else if (first > last)
            error = $"'{text}' runs backwards: write {last}-{first}.";
        else
            range = new PortRange(first.Value, last.Value);
        return error is null;
    }

    /// <summary>Whether the range holds <paramref name="port"/>.</summary>
    public bool Contains(int port) => port >= First && port <= Last;

    /// <summary>The form that <see cref="TryParse"/> reads.</summary>
    public override string ToString() =>
        First == Last ? First.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");

    internal static bool TryPort(string? text, [NotNullWhen(true)] out int? port)
    {
        bool valid = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 1 and <= 65535;
        port = valid ? number : null;
        return valid;
    }
}
