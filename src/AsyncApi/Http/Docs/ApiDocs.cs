using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace AsyncApi.Http.Docs;

/// <summary>The OpenAPI document and Swagger UI over it.</summary>
internal static class ApiDocs
{
    public const string DocumentName = "v1";
    public const string DocumentPath = $"/swagger/{DocumentName}/swagger.json";

    // Swagger UI sets styles inline; its scripts are files. Nothing may leave the origin.
    private const string SwaggerPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    public static IServiceCollection AddAsyncApiDocs(this IServiceCollection services, Action<SwaggerGenOptions>? configure = null)
    {
        services.AddEndpointsApiExplorer();
        services.AddTransient<ISerializerDataContractResolver>(_ => new JsonSerializerDataContractResolver(JsonDefaults.Options));
        return services.AddSwaggerGen(options =>
        {
            options.SwaggerDoc(DocumentName, Info());
            // HEAD goes without saying wherever GET is; said once more, it would be an operation of the same name.
            options.DocInclusionPredicate((_, operation) => operation.HttpMethod != HttpMethods.Head || !IsGetToo(operation.ActionDescriptor));
            options.IncludeXmlComments(typeof(ApiDocs).Assembly);
            options.MapType<byte[]>(() => new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" });
            options.SchemaFilter<MemberNullability>();
            options.OperationFilter<OperationDocs>();
            options.DocumentFilter<DocumentOrder>();
            configure?.Invoke(options);
        });
    }

    public static IEndpointRouteBuilder MapAsyncApiDocs(this IEndpointRouteBuilder routes)
    {
        routes.MapSwagger("/swagger/{documentName}/swagger.json", options => options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1).AllowAnonymous();
        routes.MapSwaggerUI("swagger", options =>
        {
            options.SwaggerEndpoint(DocumentPath, $"AsyncApi {DocumentName}");
            options.DocumentTitle = "AsyncApi";
            options.DisplayOperationId();
            options.DisplayRequestDuration();
            options.EnableDeepLinking();
        }).WithContentSecurityPolicy(SwaggerPolicy).AllowAnonymous();
        return routes;
    }

    private static bool IsGetToo(ActionDescriptor operation) =>
        operation.EndpointMetadata.OfType<IHttpMethodMetadata>().Any(methods => methods.HttpMethods.Contains(HttpMethods.Get));

    private static OpenApiInfo Info() => new()
    {
        Title = "AsyncApi",
        Version = DocumentName,
        Description = "Fans out HTTP requests and runs other slow work in the background: hand in a batch, get an answer at once, watch the results arrive. "
            + "Errors are always `application/problem+json`; every `type` is explained under [/problems](/problems).",
        License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
    };
}
