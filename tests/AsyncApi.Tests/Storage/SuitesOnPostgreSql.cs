using AsyncApi.Tests.Fetches;
using AsyncApi.Tests.Fetches.Results;
using AsyncApi.Tests.Http.Idempotency;
using AsyncApi.Tests.Items;
using AsyncApi.Tests.Jobs;
using AsyncApi.Tests.LoadTests;
using AsyncApi.Tests.Users;

namespace AsyncApi.Tests.Storage;

// The suites that run on PostgreSQL too: those of what is stored and read back, not those of what is refused before.

public sealed class CancelTestsOnPostgreSql : CancelTests;

public sealed class CountsTestsOnPostgreSql : CountsTests;

public sealed class FetchListTestsOnPostgreSql : FetchListTests;

public sealed class RestartTestsOnPostgreSql : RestartTests;

public sealed class RunningTestsOnPostgreSql(ServiceWithTarget both) : RunningTests(both);

public sealed class StreamedSubmissionTestsOnPostgreSql(ServiceWithTarget both) : StreamedSubmissionTests(both);

public sealed class SubmissionTestsOnPostgreSql(ServiceWithTarget both) : SubmissionTests(both);

public sealed class ResultBodyTestsOnPostgreSql : ResultBodyTests;

public sealed class ResultPageTestsOnPostgreSql : ResultPageTests;

public sealed class ResultProgressTestsOnPostgreSql : ResultProgressTests;

public sealed class ResultStreamTestsOnPostgreSql : ResultStreamTests;

public sealed class JobEndpointTestsOnPostgreSql(ServiceWithTarget both) : JobEndpointTests(both);

public sealed class UserTestsOnPostgreSql : UserTests;

public sealed class ItemJobTestsOnPostgreSql : ItemJobTests;

public sealed class ItemListTestsOnPostgreSql : ItemListTests;

public sealed class ItemTestsOnPostgreSql : ItemTests;

public sealed class IdempotencyTestsOnPostgreSql(ServiceWithTarget both) : IdempotencyTests(both);

public sealed class LoadTestTestsOnPostgreSql : LoadTestTests;
