namespace AsyncApi.Tests.Architecture;

/// <summary>A top-level type of an assembly with all types that it mentions anywhere, nested and compiler-made ones counted to it.</summary>
/// <param name="Namespace">Empty for <c>Program</c>.</param>
/// <param name="Name">Without the number of its type parameters.</param>
internal sealed record CodeType(string Namespace, string Name, IReadOnlySet<CodeReference> References)
{
    public string FullName => Namespace.Length == 0 ? Name : $"{Namespace}.{Name}";

    /// <summary>The folder: <c>Jobs</c> for <c>AsyncApi.Jobs</c> and all below it; <c>Program</c> for what has no folder.</summary>
    public string Feature => FeatureOf(Namespace);

    public static string FeatureOf(string typeNamespace) => typeNamespace.Split('.') is ["AsyncApi", { } feature, ..] ? feature : "Program";
}

/// <summary>A type that is mentioned.</summary>
/// <param name="IsOwn">Whether it is of the same assembly and people wrote it.</param>
internal sealed record CodeReference(string Namespace, string Name, bool IsOwn)
{
    public string FullName => $"{Namespace}.{Name}";
}
