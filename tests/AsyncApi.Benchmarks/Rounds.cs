namespace AsyncApi.Benchmarks;

/// <summary>What several rounds of the same tell: on a machine that others use too, the median of them.</summary>
internal static class Rounds
{
    public static double Median(this IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    public static double Median<TRound>(this IEnumerable<TRound> rounds, Func<TRound, double> figure) => rounds.Select(figure).Median();
}
