namespace AsyncApi.Fetching.Dispatching;

/// <summary>Something that waits for a time. It lies in the queue once at most.</summary>
internal abstract class DueItem
{
    /// <summary>The timestamp it waits for; means nothing while <see cref="IsDue"/> is false.</summary>
    public long DueAt { get; set; }

    /// <summary>Its place in the queue's heap; -1 outside.</summary>
    public int DueIndex { get; set; } = -1;

    /// <summary>Whether it lies in the queue.</summary>
    public bool IsDue => DueIndex >= 0;
}

/// <summary>All that waits for a time, the next first: a binary heap that knows each item's place, so that any can be moved or leave.</summary>
internal sealed class DueQueue
{
    private readonly List<DueItem> _heap = [];

    /// <summary>When the next item is due; the end of time when there is none.</summary>
    public long Next => _heap.Count == 0 ? long.MaxValue : _heap[0].DueAt;

    /// <summary>In no order.</summary>
    public IReadOnlyList<DueItem> Items => _heap;

    /// <summary>Puts it in, or moves it.</summary>
    public void Set(DueItem item, long at)
    {
        if (item.IsDue && item.DueAt == at)
        {
            return;
        }

        item.DueAt = at;
        if (!item.IsDue)
        {
            item.DueIndex = _heap.Count;
            _heap.Add(item);
        }

        Settle(item);
    }

    public void Remove(DueItem item)
    {
        if (!item.IsDue)
        {
            return;
        }

        int hole = item.DueIndex;
        item.DueIndex = -1;
        DueItem last = _heap[^1];
        _heap.RemoveAt(_heap.Count - 1);
        if (last != item)
        {
            Place(last, hole);
            Settle(last);
        }
    }

    /// <summary>Takes one item that is due; null when none is.</summary>
    public DueItem? TakeDue(long now)
    {
        if (Next > now)
        {
            return null;
        }

        DueItem item = _heap[0];
        Remove(item);
        return item;
    }

    private void Settle(DueItem item)
    {
        int index = item.DueIndex;
        while (index > 0 && _heap[(index - 1) / 2].DueAt > item.DueAt)
        {
            Place(_heap[(index - 1) / 2], index);
            index = (index - 1) / 2;
        }

        while (SmallerChild(index) is var child && child < _heap.Count && _heap[child].DueAt < item.DueAt)
        {
            Place(_heap[child], index);
            index = child;
        }

        Place(item, index);
    }

    private int SmallerChild(int index)
    {
        int left = (2 * index) + 1;
        return left + 1 < _heap.Count && _heap[left + 1].DueAt < _heap[left].DueAt ? left + 1 : left;
    }

    private void Place(DueItem item, int index)
    {
        _heap[index] = item;
        item.DueIndex = index;
    }
}
