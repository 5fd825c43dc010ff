using AsyncApi.Fetching.Dispatching;

namespace AsyncApi.Fetching.Tests.Dispatching;

public sealed class MailboxTests
{
    [Fact]
    public async Task Post_from_many_threads_handles_each_message_once_and_one_at_a_time()
    {
        const int Posters = 8;
        const int Each = 50_000;
        int inside = 0;
        int together = 0;
        long sum = 0;
        Mailbox<int> mailbox = new(
            number =>
            {
                together += Interlocked.Increment(ref inside) - 1;
                sum += number;
                Interlocked.Decrement(ref inside);
            },
            () => together += Volatile.Read(ref inside));

        await Task.WhenAll(Enumerable.Range(0, Posters).Select(_ => Task.Run(() =>
        {
            for (int i = 1; i <= Each; i++)
            {
                mailbox.Post(i);
            }
        }, TestContext.Current.CancellationToken)));

        together.ShouldBe(0);
        sum.ShouldBe(Posters * (long)Each * (Each + 1) / 2);
    }

    [Fact]
    public void Post_while_handling_waits_its_turn()
    {
        List<int> handled = [];
        Mailbox<int> mailbox = null!;
        mailbox = new Mailbox<int>(
            number =>
            {
                if (number < 3)
                {
                    mailbox.Post(number + 1);
                }

                handled.Add(number);
            },
            static () => { });

        mailbox.Post(0);

        handled.ShouldBe([0, 1, 2, 3]);
    }
}
