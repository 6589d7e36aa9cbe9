using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace AgentSystem.Benchmarks.Gateway.Load;

/// <summary>One HTTP/1.1 connection that is kept alive, at the least cost of its own: the generator shares its processor with the scripted model.</summary>
internal sealed class HttpWire : IDisposable
{
    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] buffer = new byte[64 * 1024];
    private readonly ArrayBufferWriter<byte> body = new(16 * 1024);
    private int start, end;

    /// <summary>The body of the last answer, without its chunks.</summary>
    public ReadOnlySpan<byte> Body => body.WrittenSpan;

    /// <summary>When the body first held what was waited for, as a <see cref="Stopwatch"/>'s timestamp; 0 when it never did.</summary>
    public long SeenAt { get; private set; }

    public ValueTask ConnectAsync(Uri address, CancellationToken cancellation) => socket.ConnectAsync(address.Host, address.Port, cancellation);

    /// <summary>Sends a request and reads the whole answer; gives its status.</summary>
    /// <param name="awaited">Bytes whose first appearance in the body <see cref="SeenAt"/> tells.</param>
    /// <exception cref="IOException">The answer broke off, or is not HTTP/1.1.</exception>
    public async ValueTask<int> AskAsync(ReadOnlyMemory<byte> request, ReadOnlyMemory<byte> awaited, CancellationToken cancellation)
    {
        body.ResetWrittenCount();
        SeenAt = 0;
        for (var sent = 0; sent < request.Length;)
        {
            sent += await socket.SendAsync(request[sent..], cancellation);
        }

        var head = await ReadHeadAsync(cancellation);
        if (head.Length is { } length)
        {
            await TakeAsync(length, awaited, cancellation);
        }
        else if (head.Chunked)
        {
            await ReadChunksAsync(awaited, cancellation);
        }
        else
        {
            throw new IOException("The answer has neither a length nor chunks.");
        }

        return head.Status;
    }

    public void Dispose() => socket.Dispose();

    private async ValueTask ReadChunksAsync(ReadOnlyMemory<byte> awaited, CancellationToken cancellation)
    {
        while (true)
        {
            var line = await LineAsync(cancellation);
            if (!Utf8Parser.TryParse(buffer.AsSpan(line.Start, line.Length), out int size, out _, 'x'))
            {
                throw new IOException("A chunk without a size.");
            }

            await TakeAsync(size, awaited, cancellation);
            // After a chunk its line end; after the last chunk trailers, if any, and an empty line.
            while ((await LineAsync(cancellation)).Length > 0)
            {
            }

            if (size == 0)
            {
                return;
            }
        }
    }

    private async ValueTask<(int Status, int? Length, bool Chunked)> ReadHeadAsync(CancellationToken cancellation)
    {
        var line = await LineAsync(cancellation);
        if (line.Length < 12 || !Utf8Parser.TryParse(buffer.AsSpan(line.Start + 9, 3), out int status, out _))
        {
            throw new IOException("No status line.");
        }

        (int? length, var chunked) = (null, false);
        while ((line = await LineAsync(cancellation)).Length > 0)
        {
            var header = buffer.AsSpan(line.Start, line.Length);
            if (Is(header, "content-length:"u8) && Utf8Parser.TryParse(header["content-length:".Length..].TrimStart((byte)' '), out int value, out _))
            {
                length = value;
            }
            else if (Is(header, "transfer-encoding:"u8))
            {
                chunked = true;
            }
        }

        return (status, length, chunked);
    }

    private static bool Is(ReadOnlySpan<byte> header, ReadOnlySpan<byte> name) => header.Length > name.Length && Ascii.EqualsIgnoreCase(header[..name.Length], name);

    /// <summary>Moves bytes of the connection to the body.</summary>
    private async ValueTask TakeAsync(int length, ReadOnlyMemory<byte> awaited, CancellationToken cancellation)
    {
        while (length > 0)
        {
            if (start == end)
            {
                await FillAsync(cancellation);
            }

            var taken = Math.Min(length, end - start);
            body.Write(buffer.AsSpan(start, taken));
            (start, length) = (start + taken, length - taken);
            if (SeenAt == 0 && body.WrittenSpan.IndexOf(awaited.Span) >= 0)
            {
                SeenAt = Stopwatch.GetTimestamp();
            }
        }
    }

    /// <summary>The next line without its end; it stays in the buffer until the next read.</summary>
    private async ValueTask<(int Start, int Length)> LineAsync(CancellationToken cancellation)
    {
        int at;
        while ((at = buffer.AsSpan(start, end - start).IndexOf("\r\n"u8)) < 0)
        {
            await FillAsync(cancellation);
        }

        var line = (start, at);
        start += at + 2;
        return line;
    }

    private async ValueTask FillAsync(CancellationToken cancellation)
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }

        var read = end < buffer.Length ? await socket.ReceiveAsync(buffer.AsMemory(end), cancellation) : throw new IOException("A line longer than the buffer.");
        end += read > 0 ? read : throw new IOException("The connection was closed before the answer ended.");
    }
}
