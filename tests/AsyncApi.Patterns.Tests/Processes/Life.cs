namespace AsyncApi.Patterns.Tests.Processes;

/// <summary>Whether a process is there.</summary>
internal static class Life
{
    // One that was killed may lie as a zombie until its parent, or whoever took its place, has looked after it.
    public static bool IsAlive(int processId)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{processId}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }
}
