using System.Globalization;

namespace AsyncApi.Http.Preconditions;

/// <summary>The strong tag of a resource that counts its versions: another version, another tag.</summary>
internal static class EntityTag
{
    public static string Of(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>Puts the tag on an answer that shows this version.</summary>
    public static void Show(HttpResponse response, long version) => response.Headers.ETag = Of(version);
}
