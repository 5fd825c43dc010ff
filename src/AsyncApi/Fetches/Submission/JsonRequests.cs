using System.Text.Json;
using AsyncApi.Http.Input;

namespace AsyncApi.Fetches.Submission;

/// <summary>The requests of a JSON body: <c>urls</c>, then <c>requests</c>.</summary>
internal static class JsonRequests
{
    /// <summary>The member that names a file of more.</summary>
    public const string File = "urlsFrom";

    public static List<RequestDraft> Read(JsonObjectReader root, RequestReader reader, int max)
    {
        List<RequestDraft> drafts = [];
        int found = Read(root, "urls", reader, drafts) + Read(root, "requests", reader, drafts);
        if (found == 0 && !root.Has(File))
        {
            root.Fault("requests", "urls and requests together must hold at least one, unless urlsFrom names a file of them");
        }
        else if (found > max)
        {
            root.Fault("requests", $"urls and requests together must hold at most {max}, were {found}; more go as text/uri-list or application/x-ndjson, or in a file by urlsFrom");
        }

        return drafts;
    }

    private static int Read(JsonObjectReader root, string name, RequestReader reader, List<RequestDraft> drafts)
    {
        if (root.Raw(name) is not { } list)
        {
            return 0;
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            root.Fault(name, $"must be an array, was {JsonKind.Of(list)}");
            return 1;
        }

        string path = root.PathOf(name);
        int index = 0;
        foreach (JsonElement value in list.EnumerateArray())
        {
            RequestPlace place = new(path, index++);
            if (name == "urls" && value.ValueKind != JsonValueKind.String)
            {
                root.Faults.Add(place.ToString(), $"must be a string, was {JsonKind.Of(value)}");
            }
            else if (reader.Read(value, place, root.Faults) is { } draft)
            {
                drafts.Add(draft);
            }

            if (root.Faults.Full)
            {
                break;
            }
        }

        return list.GetArrayLength();
    }
}
