using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace AsyncApi.Http.Problems;

/// <summary>
/// Turns what nobody turned into a result — exceptions, and status codes that the framework set without a body — into problems.
/// No input makes a 500, and no answer says anything about the inside.
/// </summary>
internal static partial class UnexpectedErrors
{
    private const int GenericIoError = unchecked((int)0x80131620);

    public static IApplicationBuilder UseProblems(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = WriteExceptionAsync,
            AllowStatusCode404Response = true,
            // A client's mistake or a database that is away is no error of ours: the request log has its line. Where in the code it came up
            // would be thirty lines more for each request.
            SuppressDiagnosticsCallback = refused =>
                IsClientFault(refused.Exception, refused.HttpContext) || FindKnown(refused.Exception, refused.HttpContext) is not null,
            StatusCodeSelector = exception => exception is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError,
        });
        return app.Use(CutAsync).UseStatusCodePages(status => WriteStatusAsync(status.HttpContext));
    }

    /// <summary>Ends what can't become a problem any more, such as a stream whose database went away: it is cut, and the client sees that it is.</summary>
    private static async Task CutAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception failure) when (context.Response.HasStarted && FindKnown(failure, context) is not null)
        {
            LogCut(LoggerOf(context), failure.GetBaseException().Message);
            context.Abort();
        }
    }

    private static async Task WriteExceptionAsync(HttpContext context)
    {
        try
        {
            await WriteProblemAsync(context, context.Features.GetRequiredFeature<IExceptionHandlerFeature>().Error);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Who has left reads no answer; the server would take this for a failure of the handler.
        }
    }

    private static async Task WriteProblemAsync(HttpContext context, Exception exception)
    {
        if (exception is BadHttpRequestException)
        {
            await WriteStatusAsync(context);
            return;
        }

        if (IsClientFault(exception, context))
        {
            await Problem.MalformedBody("The body could not be read to its end.").ExecuteAsync(context);
            return;
        }

        ProblemResult? known = FindKnown(exception, context);
        if (known is not null)
            LogRefused(LoggerOf(context), exception.GetBaseException().Message);
        await (known ?? Problem.Of(ProblemTypes.Internal)).ExecuteAsync(context);
    }

    private static ProblemResult? FindKnown(Exception exception, HttpContext context) =>
        context.RequestServices.GetRequiredService<IOptions<ExceptionProblems>>().Value.Find(exception);

    private static ILogger LoggerOf(HttpContext context) =>
        context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(UnexpectedErrors));

    private static Task WriteStatusAsync(HttpContext context)
    {
        int status = context.Response.StatusCode;
        ProblemType? type = ProblemTypes.ForStatus(status);
        // RFC 9457: about:blank says that the problem is just its status.
        return type is null
            ? ProblemWriter.WriteAsync(context, "about:blank", ReasonPhrases.GetReasonPhrase(status), null)
            : ProblemWriter.WriteAsync(context, type.Uri, type.Title, Detail(type));
    }

    private static string? Detail(ProblemType type) => type.Status switch
    {
        400 => "The request is not well-formed, or was cut short.",
        408 => "The body arrived too slowly.",
        _ => null,
    };

    private static bool IsClientFault(Exception exception, HttpContext context) =>
        exception is BadHttpRequestException or ConnectionResetException
        || (IsBrokenForm(exception) && context.Features.Get<IFormFeature>() is { HasFormContentType: true, Form: null });

    // What the form reader throws for bad input. Once the form is there, the same types are a fault of ours; and an IOException
    // with a code of the system behind it, such as a full disk under a large upload, always is.
    private static bool IsBrokenForm(Exception exception) => exception is InvalidDataException or IOException { HResult: GenericIoError };

    [LoggerMessage(Level = LogLevel.Warning, Message = "A request is refused: {Why}")]
    private static partial void LogRefused(ILogger logger, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "An answer is cut: {Why}")]
    private static partial void LogCut(ILogger logger, string why);
}
