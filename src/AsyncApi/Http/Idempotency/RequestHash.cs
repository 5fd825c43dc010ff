using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;

namespace AsyncApi.Http.Idempotency;

/// <summary>
/// Hashes a request while its body is read by whoever reads it, so that a body of any length needs no memory for it. Two requests
/// with the same hash ask for the same thing, byte by byte.
/// </summary>
internal sealed class RequestHash : PipeReader
{
    private readonly PipeReader _body;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private ReadOnlySequence<byte> _unread;
    private byte[]? _finished;

    /// <param name="head">What counts besides the body.</param>
    public RequestHash(string head, PipeReader body)
    {
        _body = body;
        _hash.AppendData(Encoding.UTF8.GetBytes(head));
        _hash.AppendData([0]);
    }

    /// <summary>Reads what nobody has read, and ends the hash.</summary>
    public async Task<byte[]> FinishAsync(CancellationToken token)
    {
        while (_finished is null)
        {
            ReadResult read = await ReadAsync(token);
            AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                _finished = _hash.GetHashAndReset();
                _hash.Dispose();
            }
        }

        return _finished;
    }

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        Lend(await _body.ReadAsync(cancellationToken));

    public override bool TryRead(out ReadResult result)
    {
        bool any = _body.TryRead(out result);
        if (any)
        {
            Lend(result);
        }

        return any;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (_finished is null)
        {
            foreach (ReadOnlyMemory<byte> part in _unread.Slice(_unread.Start, consumed))
            {
                _hash.AppendData(part.Span);
            }
        }

        _unread = default;
        _body.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => _body.CancelPendingRead();

    [SuppressMessage("Usage", "MA0045", Justification = "It overrides the synchronous one.")]
    public override void Complete(Exception? exception = null) => _body.Complete(exception);

    private ReadResult Lend(ReadResult read)
    {
        _unread = read.Buffer;
        return read;
    }
}
