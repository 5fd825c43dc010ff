namespace AsyncApi.Http.Problems;

/// <summary>
/// Exceptions that are no bug but a state of the world, such as a database that is away. The feature that knows the exception
/// registers it; this folder knows none. The first match wins.
/// </summary>
internal sealed class ExceptionProblems
{
    private readonly List<Func<Exception, ProblemResult?>> _rules = [];

    public void Map(Func<Exception, ProblemResult?> rule) => _rules.Add(rule);

    public ProblemResult? Find(Exception exception)
    {
        foreach (Func<Exception, ProblemResult?> rule in _rules)
        {
            if (rule(exception) is { } problem)
                return problem;
        }
        return null;
    }
}
