using AsyncApi.Fetches.Submission;
using Microsoft.Extensions.Options;

namespace AsyncApi.Files;

internal static class FilesServiceCollectionExtensions
{
    /// <summary>Uploads and downloads.</summary>
    public static IServiceCollection AddFiles(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<FilesOptions>, FilesOptionsValidator>();
        services.AddSingleton<IValidateOptions<FilesOptions>, FilesOptionsSizesValidator>();
        services.AddOptions<FilesOptions>()
            .BindConfiguration(FilesOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        services.AddSingleton<FileBlobs>();
        services.AddSingleton<FileQuota>();
        services.AddSingleton<FileStore>();
        services.AddSingleton<FolderStore>();
        services.AddSingleton<FileReceiver>();
        services.AddSingleton<FileLibrary>();
        services.AddSingleton<UploadPlaces>();
        services.AddSingleton<IRequestFiles, UploadedRequests>();
        services.AddHostedService<FilesStartup>();
        return services;
    }
}
