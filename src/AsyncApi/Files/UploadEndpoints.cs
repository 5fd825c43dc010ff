using System.Globalization;
using AsyncApi.Http;
using AsyncApi.Http.Docs;
using AsyncApi.Http.Idempotency;
using AsyncApi.Http.Input;
using AsyncApi.Http.Preconditions;
using AsyncApi.Http.Problems;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.Options;

namespace AsyncApi.Files;

/// <summary><c>PUT /files/{path}</c> and <c>POST /files</c>.</summary>
internal static class UploadEndpoints
{
    private const int MaxParts = 1_000;

    // What the server may read beyond the cap, so that the refusal is ours, with its limit in words.
    private const int Slack = 64 * 1024;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ComeBack = TimeSpan.FromSeconds(5);
    private static readonly FileExtensionContentTypeProvider Extensions = new();

    public static async Task<IResult> PutAsync(
        string? path, HttpContext context, FileReceiver receiver, FileLibrary library, FileStore files, UploadPlaces places, CancellationToken token)
    {
        HttpRequest request = context.Request;
        QueryReader query = new(request, new Faults());
        query.Complete();
        Precondition condition = Precondition.Read(request, query.Faults);
        if (!FilePath.TryParse(path ?? "", out FilePath? place, out string? fault))
            query.Faults.Add("path", fault);
        if (request.Headers.ContentRange.Count > 0)
            query.Faults.Add("Content-Range", "a file is put whole");
        if (query.Faults.Any)
            return Problem.Validation(query.Faults);
        // Asked before the bytes come, to spare them, and again when they are there.
        if (!condition.Allows((await files.FindAsync(place!, token))?.Tag))
            return Versioned.Stale();
        using IDisposable? taken = places.TryTake();
        if (taken is null)
            return Busy(places);

        Prepare(context, receiver.MaxBytes + Slack);
        (ReceivedFile? file, ReceiveFault refusal) = await receiver.ReceiveAsync(request.Body, request.ContentLength, Unbroken);
        using ReceivedFile? received = file;
        if (received is null)
            return Refusal(refusal, receiver);
        PutOutcome outcome = await library.PutAsync([new FileToPut(place!, TypeOf(request.ContentType, place!.Name), received)], condition);
        if (outcome.Files is not [{ } put])
            return outcome.Conflict is { } conflict ? Problem.Conflict(conflict) : Versioned.Stale();
        context.Response.Headers.ETag = put.File.Tag;
        FileView view = FileView.Of(put.File);
        return put.Replaced is null ? TypedResults.Created(place.Url, view) : TypedResults.Ok(view);
    }

    public static async Task<IResult> PostAsync(HttpContext context, FileReceiver receiver, FileLibrary library, UploadPlaces places)
    {
        if (QueryReader.RefusalOfAny(context.Request) is { } unknown)
            return unknown;
        (MultipartFiles? parts, ProblemResult? problem) = MultipartFiles.Open(context.Request);
        if (parts is null)
            return problem!;
        using IDisposable? taken = places.TryTake();
        if (taken is null)
            return Busy(places);

        using UploadedForm form = new();
        if (await ReceiveAsync(parts, form, receiver) is { } refused)
            return refused;
        IdempotencyTicket ticket = context.GetIdempotency();
        await ticket.SealAsync(Unbroken);
        PutOutcome outcome = await library.PutAsync(
            form.Files, Precondition.None,
            (session, put, stop) => ticket.KeepAsync(session, StatusCodes.Status201Created, LocationOf(put), UploadView.Of(put), stop));
        return outcome.Files is { } files
            ? TypedResults.Created(LocationOf(files), UploadView.Of(files))
            : Problem.Conflict(outcome.Conflict!);
    }

    private static string? LocationOf(IReadOnlyList<PutFile> put) => put is [{ } one] ? one.File.Path.Url : null;

    // A filter, since a form that comes again is read whole too, to compare it, before any handler.
    private static ValueTask<object?> PrepareFormAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        HttpContext context = invocation.HttpContext;
        // Each file has its own cap; all together can't be more than there may be at all.
        Prepare(context, context.RequestServices.GetRequiredService<IOptions<FilesOptions>>().Value.QuotaBytes + Slack);
        return next(invocation);
    }

    // A connection that breaks ends the read by itself. A read that is given up in the middle does not: the server then finds its
    // reader still reading, and logs an error.
    private static CancellationToken Unbroken => CancellationToken.None;

    /// <summary>Null when all parts were received, else what to answer.</summary>
    private static async Task<ProblemResult?> ReceiveAsync(MultipartFiles parts, UploadedForm form, FileReceiver receiver)
    {
        Faults faults = new();
        while (await parts.NextAsync(Unbroken) is { } part)
        {
            if (part.Number > MaxParts)
                return Problem.MalformedBody($"The form may have {MaxParts} parts.");
            string name = string.Create(CultureInfo.InvariantCulture, $"part {part.Number}");
            if (form.FaultOf(part.FileName, out FilePath? place) is { } fault)
                faults.Add(name, fault);
            if (faults.Full)
                break;
            if (faults.Any)
                continue;
            (ReceivedFile? file, ReceiveFault refusal) = await receiver.ReceiveAsync(part.Body, length: null, Unbroken);
            if (file is null)
                return Refusal(refusal, receiver);
            form.Add(new FileToPut(place!, TypeOf(part.ContentType, place!.Name), file));
        }

        if (form.Files.Count == 0 && !faults.Any)
            faults.Add("body", "must hold at least one file");
        return faults.Any ? Problem.Validation(faults) : null;
    }

    private static void Prepare(HttpContext context, long maxBytes)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = maxBytes;
        FilesOptions options = context.RequestServices.GetRequiredService<IOptions<FilesOptions>>().Value;
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = new MinDataRate(options.MinBytesPerSecond, Grace);
    }

    private static string TypeOf(string? declared, string name) =>
        BodyContentType.Of(string.IsNullOrWhiteSpace(declared) && Extensions.TryGetContentType(name, out string? known) ? known : declared);

    private static ProblemResult Refusal(ReceiveFault fault, FileReceiver receiver) => fault == ReceiveFault.TooLarge
        ? Problem.Of(ProblemTypes.PayloadTooLarge, string.Create(CultureInfo.InvariantCulture, $"A file may have {receiver.MaxBytes} bytes."))
        : Problem.Of(ProblemTypes.InsufficientStorage, "The files' quota has no room for it. Nothing was kept.");

    private static ProblemResult Busy(UploadPlaces places) => Problem.RetryLater(
        ProblemTypes.QueueFull, ComeBack, string.Create(CultureInfo.InvariantCulture, $"{places.Max} uploads are being received; no more may at once."));

    public static void DocumentPut(this RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Upload a file")
        .WithDescription(
            "Streams the body to the disk; the file is there, whole, once the answer is, and a broken upload leaves nothing. What was at the path is "
            + "replaced. Folders come with their files.")
        .WithConditionalWrite()
        .WithHeader("If-None-Match", "`*`: create only.", "*")
        .WithBody<byte[]>(BodyContentType.Unknown)
        .WithAnswer<FileView>(201, "Created", example: FileExamples.File)
        .WithAnswerHeader(201, "Location", "The file")
        .WithAnswer<FileView>(200, "Replaced", example: FileExamples.File)
        .ProducesProblems(
            ProblemTypes.Validation, ProblemTypes.Conflict, ProblemTypes.PayloadTooLarge, ProblemTypes.UnsupportedMediaType,
            ProblemTypes.RequestTimeout, ProblemTypes.QueueFull, ProblemTypes.InsufficientStorage);

    public static void DocumentPost(this RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Upload files from a form")
        .WithDescription(
            "`multipart/form-data` with up to 1,000 files, streamed. Each part's filename is the file's path. All of them are stored, or none; what was "
            + "at their paths is replaced.")
        .AddEndpointFilter(PrepareFormAsync)
        .WithIdempotency()
        .WithBody<UploadForm>("multipart/form-data")
        .WithAnswer<UploadView>(201, "Stored", example: FileExamples.Upload)
        .WithAnswerHeader(201, "Location", "The file, where it was one")
        .ProducesProblems(
            ProblemTypes.Validation, ProblemTypes.MalformedBody, ProblemTypes.Conflict, ProblemTypes.PayloadTooLarge,
            ProblemTypes.UnsupportedMediaType, ProblemTypes.RequestTimeout, ProblemTypes.QueueFull, ProblemTypes.InsufficientStorage);
}
