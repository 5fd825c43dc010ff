namespace AsyncApi.Http.Input;

/// <param name="Path">Where: <c>requests[3].url</c>.</param>
/// <param name="Message">What is wrong, without the path.</param>
internal readonly record struct Fault(string Path, string Message);

/// <summary>Collects everything that is wrong with a request, so that a client mends it in one go. Keeps the first 100, counts all.</summary>
internal sealed class Faults
{
    public const int MaxListed = 100;

    private readonly List<Fault> _list = [];

    public int Count { get; private set; }

    public bool Any => Count > 0;

    /// <summary>No more will be listed: a caller with much left to check may stop.</summary>
    public bool Full => Count >= MaxListed;

    public IReadOnlyList<Fault> List => _list;

    public void Add(string path, string message)
    {
        Count++;
        if (_list.Count < MaxListed)
            _list.Add(new Fault(path, message));
    }

    /// <summary>For what the contract names and this version does not have.</summary>
    public void NotBuilt(string path, string what) => Add(path, $"{what} is named by the contract, but not available in this version");

    /// <summary>Takes over the faults of one line of a streamed body under the line's name, the path inside the line moving into the message.</summary>
    public void AddUnder(string path, Faults faults)
    {
        foreach (Fault fault in faults._list)
            Add(path, fault.Path.Length == 0 ? fault.Message : $"{fault.Path} {fault.Message}");
        Count += faults.Count - faults._list.Count;
    }
}
