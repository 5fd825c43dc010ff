// Virtual time watches the thread pool, which all tests share.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
