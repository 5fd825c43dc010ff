namespace AsyncApi.Jobs;

/// <summary>
/// Divides slots among the classes of priority by their weights, and remembers who was passed over: while all slots are taken,
/// low gets every twenty-first one that is freed, however many of the others wait. For one worker.
/// </summary>
internal sealed class ClaimShares
{
    /// <summary>What a job has that is neither urgent nor in no hurry.</summary>
    public const int Normal = 4;

    private readonly int[] _credits = new int[Weights.Count];

    /// <summary>The classes, which are the priorities that jobs have: high, normal, low.</summary>
    public static IReadOnlyList<int> Weights { get; } = [16, Normal, 1];

    /// <summary>How many each class gets of <paramref name="slots"/>, where <paramref name="waiting"/> wait.</summary>
    public int[] Divide(int slots, int[] waiting)
    {
        int[] given = new int[Weights.Count];
        for (int slot = 0; slot < slots; slot++)
        {
            int turn = Next(i => given[i] < waiting[i]);
            if (turn < 0)
            {
                break;
            }

            given[turn]++;
        }

        return given;
    }

    /// <summary>The class whose turn it is; -1 when none waits.</summary>
    private int Next(Func<int, bool> waits)
    {
        int turn = -1;
        int sum = 0;
        for (int i = 0; i < Weights.Count; i++)
        {
            if (!waits(i))
            {
                // Who has nothing to start saves nothing up.
                _credits[i] = 0;
                continue;
            }

            sum += Weights[i];
            _credits[i] += Weights[i];
            turn = turn < 0 || _credits[i] > _credits[turn] ? i : turn;
        }

        if (turn >= 0)
        {
            _credits[turn] -= sum;
        }

        return turn;
    }
}
