using AsyncApi.Jobs;
using AsyncApi.Storage;
using AsyncApi.Tests.Storage;
using AsyncApi.TestSupport;

namespace AsyncApi.Tests.Jobs;

/// <summary>The jobs' stores over a real database and a clock that stands still; nothing runs by itself.</summary>
internal sealed class JobsUnderTest : IAsyncDisposable
{
    private readonly DatabaseUnderTest _database;

    private JobsUnderTest(DatabaseUnderTest database)
    {
        _database = database;
        Store = new JobStore(Database, Time);
        Claims = new JobClaimStore(Database, Time);
        Control = new JobControlStore(Database, Time);
        Workers = new WorkerStore(Database, Time);
    }

    public ManualTime Time { get; } = new();

    public Database Database => _database.Database;

    public JobStore Store { get; }

    public JobClaimStore Claims { get; }

    public JobControlStore Control { get; }

    public WorkerStore Workers { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<JobsUnderTest> StartAsync(string database) => new(await DatabaseUnderTest.StartAsync(database));

    /// <summary>For a test of very many writes: in memory where that can be.</summary>
    public static async Task<JobsUnderTest> StartQuicklyAsync(string database) => new(await DatabaseUnderTest.StartQuicklyAsync(database));

    public async Task<Job> AddAsync(int priority = ClaimShares.Normal, DateTimeOffset? due = null)
    {
        DateTimeOffset now = Time.GetUtcNow();
        Job job = new()
        {
            Id = Guid.CreateVersion7(now),
            Kind = "test",
            Status = due is null ? JobStatus.Queued : JobStatus.Scheduled,
            Priority = priority,
            RequestId = "test",
            CreatedAt = now,
            DueAt = due,
        };
        await Database.WriteAsync((session, stop) => JobRows.InsertAsync(session, job, stop), Token);
        return job;
    }

    /// <summary>Lets time pass, also for the database where it has a clock of its own: all that it knows is so much older then.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        Time.Advance(time);
        await Database.WriteAsync(
            async (session, stop) =>
            {
                if (session.LockingRows.Length > 0)
                {
                    Statement age = session.Prepare("update workers set last_seen = last_seen - ?1");
                    age.BindInt64(1, (long)time.TotalMilliseconds);
                    await age.ExecuteAsync(stop);
                }
            },
            Token);
    }

    public async Task<Guid> EnterAsync()
    {
        Guid worker = Guid.NewGuid();
        await Workers.EnterAsync(worker, Token);
        return worker;
    }

    public async Task<IReadOnlyList<JobLease>> ClaimAsync(Guid worker, int limit = 100) =>
        (await Claims.ClaimAsync(worker, limit, new ClaimShares(), Token)).Leases;

    /// <summary>Claims for a worker that has been given up since.</summary>
    public async Task ClaimAndDieAsync()
    {
        Guid worker = await EnterAsync();
        await ClaimAsync(worker);
        await Workers.LeaveAsync(worker, Token);
    }

    public async Task<Job> FindAsync(Guid id) => (await Store.FindAsync(id, Token))!;

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
