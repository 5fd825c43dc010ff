using System.Text.Json;
using AsyncApi.Storage;

namespace AsyncApi.Http.Idempotency;

/// <summary>
/// A request's right to be the first with its key. What makes something for the request keeps the answer by it, in the same
/// transaction: whoever sends the key again gets that answer, even when the process dies between the commit and the answer.
/// A request without a key has <see cref="None"/>, which keeps nothing.
/// </summary>
internal sealed class IdempotencyTicket
{
    private readonly KeptAnswerStore? _answers;
    private readonly string _scope;
    private readonly RequestHash? _request;
    private readonly TimeProvider? _time;
    private byte[]? _hash;

    public IdempotencyTicket(KeptAnswerStore answers, string scope, RequestHash request, TimeProvider time) =>
        (_answers, _scope, _request, _time) = (answers, scope, request, time);

    private IdempotencyTicket() => _scope = "";

    public static IdempotencyTicket None { get; } = new();

    /// <summary>Reads what is left of the body. To be called before the transaction, since it may have to wait for the client.</summary>
    public async Task SealAsync(CancellationToken token)
    {
        if (_request is not null)
        {
            _hash = await _request.FinishAsync(token);
        }
    }

    /// <summary>Part of the transaction that makes what the answer is about.</summary>
    /// <param name="body">What is answered, as it stands in this transaction.</param>
    /// <exception cref="KeyTakenException">Another request with the key was faster; the transaction must not commit.</exception>
    public ValueTask KeepAsync<T>(WriteSession session, int status, string? location, T body, CancellationToken token, string? etag = null)
    {
        if (_answers is null)
        {
            return ValueTask.CompletedTask;
        }

        KeptAnswer answer = new()
        {
            Scope = _scope,
            RequestHash = _hash ?? throw new InvalidOperationException("Seal the ticket before the transaction."),
            Status = status,
            Location = location,
            ETag = etag,
            Body = JsonSerializer.SerializeToUtf8Bytes(body, JsonDefaults.Options),
            CreatedAt = _time!.GetUtcNow(),
        };
        return _answers.AddAsync(session, answer, token);
    }
}
