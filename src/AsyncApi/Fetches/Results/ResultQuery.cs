using AsyncApi.Fetching;
using AsyncApi.Http.Input;

namespace AsyncApi.Fetches.Results;

/// <summary>What results are sorted by.</summary>
internal enum ResultOrder
{
    /// <summary>By <c>seq</c>: new results come last.</summary>
    Completion,

    /// <summary>By <c>index</c>.</summary>
    Submission,
}

/// <summary>Which results a client wants to see, and how much of them.</summary>
internal sealed record ResultQuery
{
    /// <summary>Every result from the first on, without headers, bodies and attempts.</summary>
    public static ResultQuery All { get; } = new();

    public ResultOrder Order { get; init; }

    /// <summary>In order of completion: only results behind this <c>seq</c>. Null when the client named none.</summary>
    public int? After { get; init; }

    public FetchOutcome? Outcome { get; init; }

    public int? Status { get; init; }

    public HostFilter? Host { get; init; }

    public string? Tag { get; init; }

    public bool IncludesHeaders { get; init; }

    public bool IncludesBody { get; init; }

    public bool IncludesAttempts { get; init; }

    /// <summary>The place before the first row: a <c>seq</c>, or in order of submission an <c>index</c>.</summary>
    public int Start => Order == ResultOrder.Submission ? -1 : After ?? 0;

    /// <summary>Where a row stands in this order.</summary>
    public int PlaceOf(ResultRow row) => Order == ResultOrder.Submission ? row.Index : row.Seq;

    /// <summary>Reads what can stand in the query of every form of the results.</summary>
    public static ResultQuery Read(QueryReader query)
    {
        ResultQuery read = ReadIncluded(query) with
        {
            Order = query.Enum<ResultOrder>("order") ?? ResultOrder.Completion,
            After = query.Int32("after", 0, RowKey.MaxNumber),
            Outcome = query.Enum<FetchOutcome>("outcome"),
            Status = query.Int32("status", 100, 999),
            Host = HostFilter.Read(query),
            Tag = query.String("tag"),
        };
        if (read is { After: not null, Order: not ResultOrder.Completion })
            query.Fault("after", "goes with the order of completion");
        return read;
    }

    /// <summary>Reads <c>include</c> alone, for a single result.</summary>
    public static ResultQuery ReadIncluded(QueryReader query)
    {
        IReadOnlyList<string> included = query.Words("include", "headers", "body", "attempts");
        return new ResultQuery
        {
            IncludesHeaders = included.Contains("headers", StringComparer.Ordinal),
            IncludesBody = included.Contains("body", StringComparer.Ordinal),
            IncludesAttempts = included.Contains("attempts", StringComparer.Ordinal),
        };
    }
}
