using AsyncApi.Jobs;
using AsyncApi.Storage;
using AsyncApi.TestSupport;

namespace AsyncApi.Tests.Jobs.Life;

/// <summary>A process with a clock of its own. When it stops or crashes, another takes its place under a new id.</summary>
internal sealed class LifeWorker
{
    private readonly string _place;
    private int _lives;

    public LifeWorker(Database database, string place)
    {
        _place = place;
        Rows = new JobStore(database, Time);
        Claims = new JobClaimStore(database, Time);
        Workers = new WorkerStore(database, Time);
        BeginAnew();
    }

    public ManualTime Time { get; } = new();

    public JobStore Rows { get; }

    public JobClaimStore Claims { get; }

    public WorkerStore Workers { get; }

    public Guid Id { get; private set; }

    public string Name { get; private set; } = "";

    public void BeginAnew()
    {
        Id = Guid.NewGuid();
        Name = $"{_place}{++_lives}";
    }
}
