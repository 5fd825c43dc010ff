namespace AsyncApi.Tests.Fetches;

/// <summary>The methods beside GET and POST.</summary>
internal static class MoreServiceCalls
{
    public static Task<HttpResponseMessage> PutAsync(
        this ServiceUnderTest service, string path, string body, params (string Name, string Value)[] headers) =>
        service.SendAsync(HttpMethod.Put, path, new StringContent(body, System.Text.Encoding.UTF8, "application/json"), headers);

    public static Task<HttpResponseMessage> DeleteAsync(this ServiceUnderTest service, string path, params (string Name, string Value)[] headers) =>
        service.SendAsync(HttpMethod.Delete, path, null, headers);

    private static async Task<HttpResponseMessage> SendAsync(
        this ServiceUnderTest service, HttpMethod method, string path, HttpContent? content, (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(method, path) { Content = content };
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await service.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
