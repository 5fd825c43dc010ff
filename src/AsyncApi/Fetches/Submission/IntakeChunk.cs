using AsyncApi.Fetching;

namespace AsyncApi.Fetches.Submission;

/// <summary>What of a submission is written in one commit. It does not change while it is, so that the commit can be tried again.</summary>
/// <param name="first">The index of its first request.</param>
internal sealed class IntakeChunk(int first)
{
    public int First { get; } = first;

    /// <summary>Requests, with their hosts' numbers; without one where they are only recorded as refused.</summary>
    public List<(RequestDraft Draft, int? HostNumber)> Requests { get; } = [];

    /// <summary>Hosts that no request before had.</summary>
    public List<(int Number, HostKey Host)> Hosts { get; } = [];

    /// <summary>Roughly what it holds in memory.</summary>
    public int Weight { get; private set; }

    public void Add(RequestDraft draft, int? hostNumber)
    {
        Requests.Add((draft, hostNumber));
        Weight += draft.Weight;
    }
}
