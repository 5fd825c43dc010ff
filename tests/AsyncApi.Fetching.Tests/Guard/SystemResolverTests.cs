using System.Collections.Concurrent;
using System.Net;

namespace AsyncApi.Fetching.Tests.Guard;

public sealed class SystemResolverTests : IDisposable
{
    private readonly ConcurrentQueue<(string Name, bool OnPool)> _lookups = [];
    private readonly SemaphoreSlim _started = new(0);
    private readonly SemaphoreSlim _answer = new(0);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _started.Dispose();
        _answer.Dispose();
    }

    [Fact]
    public async Task Resolve_real_name_has_its_addresses() =>
        (await SystemResolver.Shared.ResolveAsync("localhost", Token)).ShouldContain(address => IPAddress.IsLoopback(address));

    [Fact]
    public async Task Resolve_slow_name_keeps_no_pool_thread_and_is_asked_once()
    {
        SystemResolver resolver = new(4, LookUp);

        Task<IPAddress[]>[] callers = [.. Enumerable.Range(0, 10).Select(_ => resolver.ResolveAsync("slow.test", Token))];
        await _started.WaitAsync(Token);
        _answer.Release();
        IPAddress[][] answers = await Task.WhenAll(callers);

        answers.ShouldAllBe(answer => answer.Length == 1);
        _lookups.ShouldHaveSingleItem().ShouldBe(("slow.test", false));
    }

    [Fact]
    public async Task Resolve_after_an_answer_asks_again()
    {
        SystemResolver resolver = new(4, LookUp);
        _answer.Release(2);

        await resolver.ResolveAsync("a.test", Token);
        await resolver.ResolveAsync("a.test", Token);

        _lookups.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Resolve_over_the_limit_waits_for_a_free_thread()
    {
        SystemResolver resolver = new(1, LookUp);

        Task<IPAddress[]> first = resolver.ResolveAsync("a.test", Token);
        await _started.WaitAsync(Token);
        Task<IPAddress[]> second = resolver.ResolveAsync("b.test", Token);
        _lookups.Count.ShouldBe(1);
        _answer.Release(2);
        await Task.WhenAll(first, second);

        _lookups.Select(lookup => lookup.Name).ShouldBe(["a.test", "b.test"]);
    }

    [Fact]
    public async Task Resolve_one_caller_gives_up_leaves_the_answer_to_the_other()
    {
        SystemResolver resolver = new(1, LookUp);
        using CancellationTokenSource leaver = new();

        Task<IPAddress[]> leaving = resolver.ResolveAsync("a.test", leaver.Token);
        Task<IPAddress[]> staying = resolver.ResolveAsync("A.test", Token);
        await leaver.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(leaving);
        _answer.Release();

        (await staying).ShouldHaveSingleItem();
        _lookups.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Resolve_lookup_that_fails_frees_its_place()
    {
        int lookups = 0;
        SystemResolver resolver = new(1, _ => ++lookups == 1 ? throw new InvalidOperationException() : [IPAddress.Loopback]);

        await Should.ThrowAsync<InvalidOperationException>(resolver.ResolveAsync("a.test", Token));

        (await resolver.ResolveAsync("a.test", Token)).ShouldHaveSingleItem();
    }

    private IPAddress[] LookUp(string name)
    {
        _lookups.Enqueue((name, Thread.CurrentThread.IsThreadPoolThread));
        _started.Release();
        _answer.Wait(Token);
        return [IPAddress.Loopback];
    }
}
