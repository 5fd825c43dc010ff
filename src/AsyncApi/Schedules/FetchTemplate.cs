using System.Text.Json;
using System.Text.Json.Nodes;
using AsyncApi.Fetches;
using AsyncApi.Fetches.Submission;
using AsyncApi.Http.Input;

namespace AsyncApi.Schedules;

/// <summary>The fetch that a schedule makes, as it is kept.</summary>
internal static class FetchTemplate
{
    /// <summary>Judges it anew, since settings such as the allowed networks may have changed. Null when the faults say why.</summary>
    public static JsonSubmission? Read(Schedule schedule, SubmissionReader reader, Faults faults)
    {
        using JsonDocument document = JsonDocument.Parse(schedule.Fetch);
        JsonSubmission? read = reader.ReadJson(new JsonObjectReader(document.RootElement, faults, "fetch"));
        return read is null ? null : read with { Settings = read.Settings with { Label = read.Settings.Label ?? schedule.Label } };
    }

    /// <summary>As it may be shown: without the values of secret headers.</summary>
    public static JsonObject Show(Schedule schedule)
    {
        JsonObject template = JsonNode.Parse(schedule.Fetch)!.AsObject();
        JsonNode? options = template["options"];
        string[] secret = [.. (options?["secretHeaders"] as JsonArray ?? []).Select(name => name!.GetValue<string>())];
        IEnumerable<JsonNode?> owners = (template["requests"] as JsonArray ?? []).Append(options);
        foreach (JsonObject headers in owners.Select(owner => (owner as JsonObject)?["headers"]).OfType<JsonObject>())
        {
            foreach (string name in headers.Select(header => header.Key).Where(name => SecretHeaders.IsSecret(name, secret)).ToList())
            {
                headers[name] = SecretHeaders.Masked;
            }
        }

        return template;
    }
}
