using System.Text.Json;
using System.Text.Json.Nodes;

namespace AsyncApi.Patterns.Processes;

/// <summary>What goes into a worker process: one line of JSON on its standard input.</summary>
internal sealed record WorkerCall(string Work, JsonElement Argument);

/// <summary>What comes out of it: one line of JSON on its standard output, either a result or an error.</summary>
internal sealed record WorkerAnswer(JsonNode? Result, string? Error);
