// Each test starts processes of its own and loads them; side by side they would only measure each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
