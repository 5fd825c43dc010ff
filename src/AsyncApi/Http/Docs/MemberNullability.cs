using System.Reflection;
using System.Text.Json;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace AsyncApi.Http.Docs;

/// <summary>
/// Says of each member whether it can be null, and that every member that can't always stands in an answer. The generator's own
/// switches for it have no effect on records (measured with Swashbuckle 10.3.1).
/// </summary>
internal sealed class MemberNullability : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties: { } members } target || context.Type.Assembly != typeof(MemberNullability).Assembly)
            return;
        NullabilityInfoContext nullability = new();
        SortedSet<string> required = new(StringComparer.Ordinal);
        foreach (PropertyInfo property in context.Type.GetProperties())
        {
            string name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            if (!members.TryGetValue(name, out IOpenApiSchema? member))
                continue;
            if (nullability.Create(property).ReadState != NullabilityState.NotNull)
            {
                // A reference stands for its type alone.
                if (member is OpenApiSchemaReference)
                    members[name] = new OpenApiSchema { AnyOf = [member, new OpenApiSchema { Type = JsonSchemaType.Null }] };
                continue;
            }
            required.Add(name);
            if (member is OpenApiSchema { Type: { } type } inline)
                inline.Type = type & ~JsonSchemaType.Null;
        }
        target.Required = required;
    }
}
