using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AsyncApi.Http.Problems;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace AsyncApi.Http.Docs;

/// <summary>Writes an endpoint's documented parameters, bodies, answers and problems into its operation.</summary>
internal sealed class OperationDocs : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        object[] metadata = [.. context.ApiDescription.ActionDescriptor.EndpointMetadata];
        AddPathParameters(operation, metadata, context);
        foreach (DocumentedParameter parameter in metadata.OfType<DocumentedParameter>().Where(parameter => parameter.In != ParameterLocation.Path))
            AddParameter(operation, parameter, context);
        foreach (DocumentedBody body in metadata.OfType<DocumentedBody>())
            AddBody(operation, body, context);

        // What the generator guessed from the signature is a bare 200.
        operation.Responses = [];
        foreach (DocumentedAnswer answer in metadata.OfType<DocumentedAnswer>().OrderBy(answer => answer.Status))
            AddAnswer(operation.Responses, answer, context);
        foreach (IGrouping<int, ProblemType> status in metadata.OfType<DocumentedProblems>().SelectMany(documented => documented.Types)
            .Distinct().OrderBy(type => type.Status).GroupBy(type => type.Status))
        {
            AddProblems(operation.Responses, status, context);
        }
        foreach (DocumentedAnswerHeader header in metadata.OfType<DocumentedAnswerHeader>())
            AddHeader(operation.Responses, header);
    }

    // The generator sees only those that the handler binds, and nothing of what they stand for.
    private static void AddPathParameters(OpenApiOperation operation, object[] metadata, OperationFilterContext context)
    {
        operation.Parameters = [];
        foreach (RoutePatternParameterPart part in RoutePatternFactory.Parse(context.ApiDescription.RelativePath ?? "").Parameters)
        {
            DocumentedParameter? known = metadata.OfType<DocumentedParameter>()
                .FirstOrDefault(parameter => parameter.In == ParameterLocation.Path && parameter.Name == part.Name);
            AddParameter(
                operation, known ?? new DocumentedParameter(part.Name, ParameterLocation.Path, "", typeof(string), Required: true, Example: null), context);
        }
    }

    private static void AddParameter(OpenApiOperation operation, DocumentedParameter parameter, OperationFilterContext context)
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = parameter.Name,
            In = parameter.In,
            Description = Description(parameter),
            Required = parameter.Required,
            Schema = context.SchemaGenerator.GenerateSchema(parameter.Type, context.SchemaRepository),
            Example = parameter.Required ? Example(parameter.Example) : null,
        });
    }

    // Swagger UI sends the examples of parameters unless they are removed one by one: those of optional ones are only told.
    private static string? Description(DocumentedParameter parameter)
    {
        string? text = parameter.Description.Length == 0 ? null : parameter.Description;
        if (parameter.Required || parameter.Example is null)
            return text;
        string example = parameter.Example as string ?? Example(parameter.Example)!.ToJsonString();
        return $"{text?.TrimEnd('.')}. For example `{example}`.";
    }

    private static void AddBody(OpenApiOperation operation, DocumentedBody body, OperationFilterContext context)
    {
        OpenApiRequestBody request = operation.RequestBody as OpenApiRequestBody ?? new OpenApiRequestBody { Required = body.Required };
        request.Content ??= new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal);
        request.Content[body.MediaType] = Content(body.Type, body.Example, context);
        operation.RequestBody = request;
    }

    private static void AddAnswer(OpenApiResponses responses, DocumentedAnswer answer, OperationFilterContext context)
    {
        OpenApiResponse response = Response(responses, answer.Status, answer.Description);
        if (answer is { MediaType: { } mediaType, Type: { } type })
            response.Content![mediaType] = Content(type, answer.Example, context);
    }

    private static void AddProblems(OpenApiResponses responses, IGrouping<int, ProblemType> status, OperationFilterContext context)
    {
        string description = string.Join("\n\n", status.Select(type => $"[`{type.Slug}`]({type.Uri}): {type.Title}."));
        OpenApiResponse response = Response(responses, status.Key, description);
        response.Content![ProblemResult.MediaType] = Content(typeof(ProblemDocument), ExampleOf(status.First(), context), context);
    }

    private static ProblemDocument ExampleOf(ProblemType type, OperationFilterContext context) => new()
    {
        Type = type.Uri,
        Title = type.Title,
        Status = type.Status,
        Detail = type == ProblemTypes.Validation ? "One value is not acceptable." : null,
        Instance = $"/{context.ApiDescription.RelativePath}",
        RequestId = "01a1fbe9d9ff72db93d31ecc2651bede",
        Errors = type == ProblemTypes.Validation
            ? new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["limit"] = ["must be a whole number from 1 to 1000, was 0"] }
            : null,
    };

    private static void AddHeader(OpenApiResponses responses, DocumentedAnswerHeader header)
    {
        OpenApiResponse response = Response(responses, header.Status, ReasonPhrases.GetReasonPhrase(header.Status));
        response.Headers![header.Name] = new OpenApiHeader { Description = header.Description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
    }

    private static OpenApiResponse Response(OpenApiResponses responses, int status, string description)
    {
        string key = status.ToString(CultureInfo.InvariantCulture);
        if (responses.TryGetValue(key, out IOpenApiResponse? known) && known is OpenApiResponse response)
            return response;
        response = new OpenApiResponse
        {
            Description = description,
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal),
            Headers = new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal),
        };
        responses[key] = response;
        return response;
    }

    private static OpenApiMediaType Content(Type type, object? example, OperationFilterContext context) => new()
    {
        Schema = context.SchemaGenerator.GenerateSchema(type, context.SchemaRepository),
        Example = Example(example),
    };

    private static JsonNode? Example(object? example) => example switch
    {
        null => null,
        JsonNode node => node.DeepClone(),
        _ => JsonSerializer.SerializeToNode(example, JsonDefaults.Options),
    };
}
