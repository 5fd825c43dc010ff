using System.Buffers;
using AsyncApi.Http;
using AsyncApi.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace AsyncApi.Tests.Http;

public sealed class ConnectionMemoryTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly ConnectionMemory _memory;

    public ConnectionMemoryTests() => _memory = new ConnectionMemory(_time);

    public void Dispose() => _memory.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connections_use_it()
    {
        string? used = null;
        await using HttpTestApp app = await HttpTestApp.StartAsync(routes =>
            routes.MapGet("/memory", (HttpContext context) => used = context.Features.Get<IMemoryPoolFeature>()?.MemoryPool.GetType().Name));

        await app.Client.GetStringAsync(new Uri("/memory", UriKind.Relative), Token);

        used.ShouldBe(nameof(ConnectionMemory));
    }

    [Fact]
    public void What_is_rented_belongs_to_one()
    {
        IMemoryOwner<byte>[] blocks = [.. Enumerable.Range(0, 100).Select(_ => _memory.Rent())];
        Array.ForEach(blocks[..50], block => block.Dispose());
        blocks = [.. blocks[50..], .. Enumerable.Range(0, 80).Select(_ => _memory.Rent(4_096))];

        blocks.Distinct().Count().ShouldBe(blocks.Length);
        blocks.ShouldAllBe(block => block.Memory.Length == ConnectionMemory.BlockBytes);
    }

    [Fact]
    public void What_came_back_last_goes_out_first()
    {
        IMemoryOwner<byte> first = _memory.Rent();
        IMemoryOwner<byte> last = _memory.Rent();
        first.Dispose();
        last.Dispose();

        _memory.Rent().ShouldBeSameAs(last);
        _memory.Rent().ShouldBeSameAs(first);
    }

    [Fact]
    public void More_than_a_block_cannot_be_had() =>
        Should.Throw<ArgumentOutOfRangeException>(() => _memory.Rent(ConnectionMemory.BlockBytes + 1));

    [Fact]
    public void What_nobody_needs_is_given_up_after_a_while()
    {
        IMemoryOwner<byte>[] burst = [.. Enumerable.Range(0, 100).Select(_ => _memory.Rent())];
        Array.ForEach(burst, block => block.Dispose());
        Pass();
        Use(30);
        Pass();
        Use(30);

        IMemoryOwner<byte>[] left = [.. Enumerable.Range(0, 100).Select(_ => _memory.Rent())];

        left.Intersect(burst).Count().ShouldBe(30);
    }

    private void Use(int blocks) => Array.ForEach([.. Enumerable.Range(0, blocks).Select(_ => _memory.Rent())], block => block.Dispose());

    // The look at what was needed is taken with a return.
    private void Pass()
    {
        _time.Advance(ConnectionMemory.Patience);
        Use(1);
    }
}
