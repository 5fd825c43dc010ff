using AsyncApi.Fetching;

namespace AsyncApi.Http.Input;

internal static class HeaderFaults
{
    /// <summary>True when the headers may be sent; else every fault is noted under <paramref name="member"/>.</summary>
    public static bool Add(JsonObjectReader reader, string member, IReadOnlyDictionary<string, string> headers)
    {
        IReadOnlyList<HeaderFault> faults = HeaderRules.FaultsOf(headers);
        foreach (HeaderFault fault in faults)
        {
            string path = reader.PathOf(member);
            reader.Faults.Add(fault.Name.Length == 0 ? path : MemberPath.Of(path, fault.Name), fault.Message);
        }

        return faults.Count == 0;
    }
}
