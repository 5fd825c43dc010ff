using System.Globalization;
using AsyncApi.Http.Input;

namespace AsyncApi.Http.Problems;

/// <summary>Makes problems. A feature returns them as results; it never throws them.</summary>
internal static class Problem
{
    public static ProblemResult Of(ProblemType type, string? detail = null) => new() { Type = type, Detail = detail };

    public static ProblemResult Validation(Faults faults) => new()
    {
        Type = ProblemTypes.Validation,
        Faults = faults,
        Detail = faults.Count switch
        {
            1 => "One value is not acceptable.",
            <= Faults.MaxListed => string.Create(CultureInfo.InvariantCulture, $"{faults.Count} values are not acceptable."),
            _ => string.Create(CultureInfo.InvariantCulture, $"{faults.Count} values are not acceptable; the first {Faults.MaxListed} are listed."),
        },
    };

    /// <summary>A validation problem with a single fault.</summary>
    public static ProblemResult Validation(string path, string message)
    {
        Faults faults = new();
        faults.Add(path, message);
        return Validation(faults);
    }

    public static ProblemResult MalformedBody(string detail) => Of(ProblemTypes.MalformedBody, detail);

    public static ProblemResult Unauthorized() => Of(ProblemTypes.Unauthorized).With("WWW-Authenticate", "Bearer");

    public static ProblemResult Forbidden(string? detail = null) => Of(ProblemTypes.Forbidden, detail);

    public static ProblemResult NotFound(string? detail = null) => Of(ProblemTypes.NotFound, detail);

    public static ProblemResult NotAcceptable(IEnumerable<string> offered) =>
        Of(ProblemTypes.NotAcceptable, $"Available: {string.Join(", ", offered)}.");

    public static ProblemResult Conflict(string detail) => Of(ProblemTypes.Conflict, detail);

    public static ProblemResult Gone(string? detail = null) => Of(ProblemTypes.Gone, detail);

    public static ProblemResult PreconditionFailed(string? detail = null) => Of(ProblemTypes.PreconditionFailed, detail);

    public static ProblemResult PayloadTooLarge(long maxBytes) =>
        Of(ProblemTypes.PayloadTooLarge, string.Create(CultureInfo.InvariantCulture, $"The body may have {maxBytes} bytes."));

    public static ProblemResult UnsupportedMediaType(IEnumerable<string> readable) =>
        Of(ProblemTypes.UnsupportedMediaType, $"Readable: {string.Join(", ", readable)}.");

    /// <summary>A problem that goes away by waiting: the same type with <c>Retry-After</c> in whole seconds, rounded up.</summary>
    public static ProblemResult RetryLater(ProblemType type, TimeSpan after, string? detail = null)
    {
        long seconds = Math.Max(1, (long)Math.Ceiling(after.TotalSeconds));
        return Of(type, detail).With("Retry-After", seconds.ToString(CultureInfo.InvariantCulture));
    }
}
