using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace AsyncApi.Http.Docs;

/// <summary>Sorts what would otherwise follow the order of registration, so that the document changes only when the API does.</summary>
internal sealed class DocumentOrder : IDocumentFilter
{
    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        OpenApiPaths paths = [];
        foreach ((string path, IOpenApiPathItem item) in swaggerDoc.Paths.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            paths.Add(path, item);
        swaggerDoc.Paths = paths;
        if (swaggerDoc.Components?.Schemas is { } schemas)
        {
            swaggerDoc.Components.Schemas = schemas.OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        }
    }
}
