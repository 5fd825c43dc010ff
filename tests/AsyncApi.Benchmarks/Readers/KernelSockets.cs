using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AsyncApi.Benchmarks.Readers;

/// <summary>
/// Reads many sockets in one thread, and learns from the kernel when each piece had come, however late it is read. Over loopback the kernel
/// notes that time inside the sender's own call: it is when the bytes left the service.
/// </summary>
internal sealed partial class KernelSockets : IDisposable
{
    private const int SolSocket = 1;
    private const int SoTimestampNs = 35;
    private const int ReadWithoutWaiting = 0x40;
    private const uint EpollIn = 1;
    private const int EpollAdd = 1;
    private const int MostReady = 256;

    // The kernel packs its event on x64 alone.
    private static readonly int DataAt = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int EventBytes = DataAt + 8;

    private readonly List<Socket> _sockets = [];
    private readonly SafeFileHandle _epoll = new(Succeeded(EpollCreate(0)), ownsHandle: true);
    private readonly byte[] _events = GC.AllocateArray<byte>(MostReady * 16, pinned: true);
    private readonly byte[] _buffer = GC.AllocateArray<byte>(256 * 1024, pinned: true);
    private readonly byte[] _control = GC.AllocateArray<byte>(64, pinned: true);
    private readonly nint[] _vector = GC.AllocateArray<nint>(2, pinned: true);

    /// <summary>Gives it a number, from 0 on. The socket is this object's from here on.</summary>
    public void Add(Socket socket)
    {
        socket.SetRawSocketOption(SolSocket, SoTimestampNs, BitConverter.GetBytes(1));
        byte[] entry = new byte[EventBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(entry, EpollIn);
        BinaryPrimitives.WriteInt64LittleEndian(entry.AsSpan(DataAt), _sockets.Count);
        Succeeded(EpollControl(_epoll, EpollAdd, (int)socket.Handle, entry));
        _sockets.Add(socket);
    }

    /// <summary>The numbers of sockets that have something to read; none when nothing comes in a while.</summary>
    public IEnumerable<int> Wait(TimeSpan patience)
    {
        int ready = Succeeded(EpollWait(_epoll, _events, MostReady, (int)patience.TotalMilliseconds));
        for (int i = 0; i < ready; i++)
            yield return (int)BinaryPrimitives.ReadInt64LittleEndian(_events.AsSpan((i * EventBytes) + DataAt));
    }

    /// <summary>What has come, until the next call; nothing when the other side has closed.</summary>
    /// <param name="cameAt">When the last of it had come, in microseconds since 1970; null for what came before the kernel was asked.</param>
    public ReadOnlySpan<byte> Read(int number, out long? cameAt)
    {
        (_vector[0], _vector[1]) = (Marshal.UnsafeAddrOfPinnedArrayElement(_buffer, 0), _buffer.Length);
        MessageHeader header = new()
        {
            Vector = Marshal.UnsafeAddrOfPinnedArrayElement(_vector, 0),
            Vectors = 1,
            Control = Marshal.UnsafeAddrOfPinnedArrayElement(_control, 0),
            ControlBytes = _control.Length,
        };
        int read = Succeeded((int)ReceiveMessage((int)_sockets[number].Handle, ref header, ReadWithoutWaiting));
        cameAt = TimeIn(_control.AsSpan(0, (int)header.ControlBytes));
        return _buffer.AsSpan(0, read);
    }

    public void Dispose()
    {
        _sockets.ForEach(static socket => socket.Dispose());
        _epoll.Dispose();
    }

    // One entry: its length, SOL_SOCKET, SCM_TIMESTAMPNS, then seconds and nanoseconds.
    private static long? TimeIn(ReadOnlySpan<byte> control) => control.Length < 32 || BinaryPrimitives.ReadInt32LittleEndian(control[12..]) != SoTimestampNs
        ? null
        : (BinaryPrimitives.ReadInt64LittleEndian(control[16..]) * 1_000_000) + (BinaryPrimitives.ReadInt64LittleEndian(control[24..]) / 1_000);

    private static int Succeeded(int result) =>
        result >= 0 ? result : throw new InvalidOperationException($"The kernel refused with {Marshal.GetLastPInvokeError()}.");

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int EpollControl(SafeFileHandle epoll, int operation, int socket, byte[] entry);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int EpollWait(SafeFileHandle epoll, byte[] events, int most, int milliseconds);

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    private static partial nint ReceiveMessage(int socket, ref MessageHeader header, int flags);

    [StructLayout(LayoutKind.Sequential)]
    private struct MessageHeader
    {
        public nint Name;
        public uint NameBytes;
        public nint Vector;
        public nint Vectors;
        public nint Control;
        public nint ControlBytes;
        public int Flags;
    }
}
