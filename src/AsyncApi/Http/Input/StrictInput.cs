using AsyncApi.Http.Problems;

namespace AsyncApi.Http.Input;

/// <summary>
/// What a client sends to a route that takes a JSON body and no query parameters, read strictly. Either <see cref="Problem"/> says why
/// not, with every fault of the two in one answer, or <see cref="Value"/> is there.
/// </summary>
internal sealed class StrictInput<T>(T? value, ProblemResult? problem)
    where T : class
{
    /// <summary>What to answer instead; null when the input is acceptable.</summary>
    public ProblemResult? Problem => problem;

    public T Value => value ?? throw new InvalidOperationException("the input was refused");
}

internal static class StrictInput
{
    /// <param name="read">Reads the members and reports their faults; when it reports any, what it returns is dropped.</param>
    /// <param name="emptyAsObject">An absent body counts as <c>{}</c>, whatever its content type.</param>
    public static async Task<StrictInput<T>> ReadAsync<T>(
        HttpContext context, int maxBytes, Func<JsonObjectReader, T?> read, bool emptyAsObject = false, CancellationToken cancellationToken = default)
        where T : class
    {
        Faults faults = new();
        new QueryReader(context.Request, faults).Complete();
        using JsonBody body = await JsonBody.ReadAsync(context, maxBytes, emptyAsObject, cancellationToken);
        if (body.Problem is not null)
        {
            return new StrictInput<T>(null, body.Problem);
        }

        T? value = read(body.Object(faults));
        return faults.Any ? new StrictInput<T>(null, Problem.Validation(faults)) : new StrictInput<T>(value, null);
    }
}
