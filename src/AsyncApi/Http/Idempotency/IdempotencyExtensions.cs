using AsyncApi.Http.Docs;
using AsyncApi.Http.Problems;

namespace AsyncApi.Http.Idempotency;

internal static class IdempotencyExtensions
{
    public static IServiceCollection AddIdempotency(this IServiceCollection services)
    {
        services.AddSingleton<KeptAnswerStore>();
        services.AddSingleton<KeysInHand>();
        services.AddSingleton<IdempotencyFilter>();
        services.AddHostedService<KeptAnswerSweeper>();
        return services;
    }

    /// <summary>
    /// Heeds <c>Idempotency-Key</c>, for an endpoint that makes something. Its handler seals its
    /// <see cref="GetIdempotency">ticket</see> once the body is read, and keeps the answer by it in the transaction that makes the thing.
    /// </summary>
    /// <param name="replay">Answers again; by default with what was kept.</param>
    public static RouteHandlerBuilder WithIdempotency(this RouteHandlerBuilder builder, Replay? replay = null) => builder
        .AddEndpointFilter((invocation, next) =>
            invocation.HttpContext.RequestServices.GetRequiredService<IdempotencyFilter>().InvokeAsync(invocation, next, replay))
        .WithHeader(
            IdempotencyFilter.Header,
            "Sent again with the same request within 24 hours, it gets the first answer again, with `Idempotency-Replayed: true`, and nothing is made twice. "
            + "1 to 255 visible ASCII characters.")
        .ProducesProblems(ProblemTypes.Validation, ProblemTypes.IdempotencyInProgress, ProblemTypes.IdempotencyKeyReused);

    /// <summary>The ticket of this request; one that keeps nothing when it has no key.</summary>
    public static IdempotencyTicket GetIdempotency(this HttpContext context) => context.Features.Get<IdempotencyTicket>() ?? IdempotencyTicket.None;
}
