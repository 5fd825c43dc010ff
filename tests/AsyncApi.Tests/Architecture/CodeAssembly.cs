using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace AsyncApi.Tests.Architecture;

/// <summary>An assembly as it was built: its types with what they mention in signatures, attributes and method bodies.</summary>
internal sealed class CodeAssembly
{
    private CodeAssembly(string name, IReadOnlyList<string> references, IReadOnlyList<CodeType> types)
    {
        Name = name;
        References = references;
        Types = types;
    }

    public string Name { get; }

    /// <summary>The names of the assemblies it refers to.</summary>
    public IReadOnlyList<string> References { get; }

    /// <summary>The types that people wrote: those below the assembly's own namespaces and <c>Program</c>, none of a generator's.</summary>
    public IReadOnlyList<CodeType> Types { get; }

    /// <summary>Reads an assembly that lies beside the tests.</summary>
    public static CodeAssembly Read(string name)
    {
        using PEReader file = new(File.OpenRead(Path.Combine(AppContext.BaseDirectory, name + ".dll")));
        MetadataReader metadata = file.GetMetadataReader();
        List<string> references = [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
        List<CodeType> types = [];
        foreach (TypeDefinition type in metadata.TypeDefinitions.Select(metadata.GetTypeDefinition).Where(type => type.GetDeclaringType().IsNil))
        {
            string typeNamespace = metadata.GetString(type.Namespace);
            string typeName = metadata.GetString(type.Name);
            if (IsWritten(typeNamespace, typeName))
            {
                types.Add(new CodeType(typeNamespace, WithoutArity(typeName), new ReferenceCollector(file, metadata).Collect(type)));
            }
        }

        return new CodeAssembly(name, references, types);
    }

    /// <summary>Generators and the compiler put what they make into namespaces of their own or into none.</summary>
    internal static bool IsWritten(string typeNamespace, string typeName)
        => (typeNamespace + ".").StartsWith("AsyncApi.", StringComparison.Ordinal) || (typeNamespace.Length == 0 && typeName == "Program");

    internal static string WithoutArity(string name) => name.Split('`')[0];
}
