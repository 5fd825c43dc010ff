namespace AsyncApi.Items;

/// <summary>Which items a list shows; null members show all.</summary>
internal sealed record ItemFilter(ItemStatus? Status = null, string? Search = null)
{
    public bool ShowsAll => Status is null && Search is null;

    public IQueryable<Item> ApplyTo(IQueryable<Item> items)
    {
        if (Status is not null)
        {
            items = items.Where(item => item.Status == Status);
        }

        if (Search is not null)
        {
            // Not LIKE: in what a client searches for, % and _ mean themselves. And as it was written besides, since SQLite's lower()
            // leaves all letters but a to z as they are.
            string lower = Search.ToLowerInvariant();
#pragma warning disable CA1304, CA1311, CA1862, MA0011 // Never run here: the database's lower() knows no culture.
            items = items.Where(item => item.Name != null && (item.Name.Contains(Search) || item.Name.ToLower().Contains(lower)));
#pragma warning restore CA1304, CA1311, CA1862, MA0011
        }

        return items;
    }
}
