using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace AsyncApi.Benchmarks;

/// <summary>What the command line asks for.</summary>
internal sealed record Arguments(IReadOnlySet<string> Names, int Rounds, bool WantsHelp)
{
    public static string Help { get; } = $"""
        dotnet run -c Release --project tests/AsyncApi.Benchmarks -- [benchmark ...] [--rounds N]

        {string.Join('\n', Benchmark.All.Select(known => $"  {known.Name,-12}{known.Summary}"))}
          help        this text

        Without a benchmark all of them run. --rounds is for fan-out, latency, load-tests, readers, slow-posts and web: measured rounds after the warm-up, 5 by default.
        They need two processors, nginx and taskset, and talk to loopback alone.
        """;

    public bool Runs(string name) => Names.Count == 0 || Names.Contains(name);

    public static bool TryParse(string[] args, [NotNullWhen(true)] out Arguments? arguments, [NotNullWhen(false)] out string? message)
    {
        arguments = null;
        HashSet<string> names = [];
        int rounds = 5;
        bool help = false;
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i] is "help" or "--help" or "-h")
            {
                help = true;
            }
            else if (Benchmark.All.Any(known => known.Name == args[i]))
            {
                names.Add(args[i]);
            }
            else if (args[i] is not "--rounds" || ++i == args.Length
                || !int.TryParse(args[i], NumberStyles.None, CultureInfo.InvariantCulture, out rounds) || rounds is < 1 or > 1_000)
            {
                message = $"'{args[Math.Min(i, args.Length - 1)]}' is not understood.\n\n{Help}";
                return false;
            }
        }

        (arguments, message) = (new Arguments(names, rounds, help), null);
        return true;
    }
}
