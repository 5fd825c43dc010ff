namespace AsyncApi.Jobs;

/// <summary>How a kind of job looks to its clients. One without is shown as a job.</summary>
internal interface IJobResource
{
    /// <summary>The kind's name in the contract.</summary>
    string Kind { get; }

    /// <summary>What its own route would answer; null when there is no such job any more.</summary>
    Task<object?> ShowAsync(Guid job, CancellationToken token);
}
