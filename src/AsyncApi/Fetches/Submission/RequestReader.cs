using System.Text.Json;
using AsyncApi.Fetching;
using AsyncApi.Http;
using AsyncApi.Http.Input;

namespace AsyncApi.Fetches.Submission;

/// <summary>Judges single requests: what a client wrote becomes a draft or faults.</summary>
internal sealed class RequestReader(AddressPolicy policy, OnInvalid onInvalid)
{
    private const int MaxTagLength = 200;

    /// <summary>A URL by itself. Null when <paramref name="faults"/> says why.</summary>
    public RequestDraft? ReadUrl(string url, in RequestPlace place, Faults faults)
    {
        if (UrlRules.TryParse(url, policy, out Uri? uri, out UrlFault fault))
        {
            return new RequestDraft(url) { Host = HostKey.Of(uri) };
        }

        if (onInvalid == OnInvalid.Record)
        {
            return Refused(url, ReasonOf(fault), fault.Message, tag: null);
        }

        faults.Add(place.ToString(), fault.Message);
        return null;
    }

    /// <summary>A request object, or a string that is its URL.</summary>
    public RequestDraft? Read(JsonElement value, in RequestPlace place, Faults faults)
    {
        if (value.ValueKind == JsonValueKind.String && JsonValue.String(value, 0, int.MaxValue, int.MaxValue, out string? url) is null)
        {
            return ReadUrl(url!, place, faults);
        }

        Faults own = new();
        JsonObjectReader request = new(value, own, place.List, place.Index);
        string? text = request.String("url", required: true);
        string? method = request.Method();
        IReadOnlyDictionary<string, string>? headers = request.Headers();
        byte[]? body = request.Body();
        string? tag = request.String("tag", MaxTagLength);
        request.Complete();
        HostKey? host = null;
        FetchReason reason = FetchReason.InvalidRequest;
        if (text is not null)
        {
            if (UrlRules.TryParse(text, policy, out Uri? uri, out UrlFault fault))
            {
                host = HostKey.Of(uri);
            }
            else
            {
                reason = own.Any ? reason : ReasonOf(fault);
                request.Fault("url", fault.Message);
            }
        }

        if (!own.Any)
        {
            return new RequestDraft(text!)
            {
                Host = host,
                Method = method,
                Headers = headers is null ? null : JsonSerializer.Serialize(headers, JsonDefaults.Options),
                Body = body,
                Tag = tag,
            };
        }

        if (onInvalid == OnInvalid.Record)
        {
            return Refused(text ?? "", reason, string.Join("; ", own.List.Select(fault => $"{fault.Path}: {fault.Message}")), tag);
        }

        foreach (Fault fault in own.List)
        {
            faults.Add(fault.Path, fault.Message);
        }

        return null;
    }

    /// <summary>Something that is no request at all, such as a line that is not JSON.</summary>
    public RequestDraft? Refuse(string message, in RequestPlace place, Faults faults)
    {
        if (onInvalid == OnInvalid.Record)
        {
            return Refused("", FetchReason.InvalidRequest, message, tag: null);
        }

        faults.Add(place.ToString(), message);
        return null;
    }

    private static RequestDraft Refused(string url, FetchReason reason, string message, string? tag) =>
        new(url.Length <= UrlRules.MaxLength ? url : url[..UrlRules.MaxLength])
        {
            Tag = tag,
            Fault = $"{EnumNames<FetchReason>.Of(reason)} {message}",
        };

    private static FetchReason ReasonOf(UrlFault fault) => fault.Kind == UrlFaultKind.Blocked ? FetchReason.Blocked : FetchReason.InvalidUrl;
}

/// <summary>Where a request stands, as faults call it; made into text only when there is one.</summary>
/// <param name="List">The member that lists it; empty for a line, which is a body of its own.</param>
/// <param name="Index">Its place in that list, or -1.</param>
internal readonly record struct RequestPlace(string List, int Index)
{
    public static readonly RequestPlace Line = new("", -1);

    public override string ToString() => Index < 0 ? List : $"{List}[{Index}]";
}
