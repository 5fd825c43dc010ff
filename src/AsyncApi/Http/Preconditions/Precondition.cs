using AsyncApi.Http.Input;
using AsyncApi.Http.Problems;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace AsyncApi.Http.Preconditions;

/// <summary>
/// What a client demands of the present version of a resource before its request may do anything (RFC 9110, 13): <c>If-Match</c>, and
/// <c>If-None-Match</c>. To be asked where the version can't change any more: inside the write's transaction.
/// </summary>
internal sealed class Precondition
{
    private readonly IList<EntityTagHeaderValue>? _match;
    private readonly IList<EntityTagHeaderValue>? _noneMatch;

    private Precondition(IList<EntityTagHeaderValue>? match, IList<EntityTagHeaderValue>? noneMatch) => (_match, _noneMatch) = (match, noneMatch);

    /// <summary>Demands nothing.</summary>
    public static Precondition None { get; } = new(null, null);

    /// <summary>A header that can't be read is a fault: to go on without it could overwrite what the client meant to spare.</summary>
    public static Precondition Read(HttpRequest request, Faults faults)
    {
        IHeaderDictionary headers = request.Headers;
        if (headers.IfMatch.Count == 0 && headers.IfNoneMatch.Count == 0)
        {
            return None;
        }

        return new Precondition(Tags(headers.IfMatch, HeaderNames.IfMatch, faults), Tags(headers.IfNoneMatch, HeaderNames.IfNoneMatch, faults));
    }

    /// <summary>For a route that has no more to read: what to answer when a header can't be read; null when it may go on.</summary>
    public static ProblemResult? RefusalOf(HttpRequest request, out Precondition precondition)
    {
        Faults faults = new();
        precondition = Read(request, faults);
        return faults.Any ? Problem.Validation(faults) : null;
    }

    /// <summary>Whether a PUT or DELETE may go on. Tags are compared strongly for <c>If-Match</c>, weakly for <c>If-None-Match</c>.</summary>
    public bool Allows(long version) => Allows(EntityTag.Of(version));

    /// <inheritdoc cref="Allows(long)"/>
    /// <param name="tag">The present tag; null when there is no such resource, which <c>If-None-Match: *</c> asks for.</param>
    public bool Allows(string? tag) =>
        (_match is null || Holds(_match, tag, strong: true)) && (_noneMatch is null || !Holds(_noneMatch, tag, strong: false));

    /// <summary>Whether <c>If-Match</c>, where it stands, names this version.</summary>
    public bool Matches(long version) => _match is null || Holds(_match, EntityTag.Of(version), strong: true);

    /// <summary>Whether the client said that it has this version already: on a GET it need not be sent again (304).</summary>
    public bool NamesAsSeen(long version) => _noneMatch is not null && Holds(_noneMatch, EntityTag.Of(version), strong: false);

    private static bool Holds(IList<EntityTagHeaderValue> tags, string? present, bool strong) =>
        present is not null && tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(new EntityTagHeaderValue(present), strong));

    private static IList<EntityTagHeaderValue>? Tags(StringValues header, string name, Faults faults)
    {
        if (header.Count == 0)
        {
            return null;
        }

        if (EntityTagHeaderValue.TryParseStrictList([.. header.Select(line => line ?? "")], out IList<EntityTagHeaderValue>? tags))
        {
            return tags;
        }

        faults.Add(name, $"must be * or a list of entity tags such as \"3\", with their quotes, was {Quoted.Of(header.ToString())}");
        return null;
    }
}
