using System.Buffers.Binary;

namespace AgentSystem.Runtime.Recordings;

/// <summary>Events as one value: each behind its length (4 bytes, big-endian). A row a batch costs a fraction of a row an event.</summary>
internal static class EventBlock
{
    private const int LengthBytes = sizeof(int);

    /// <summary>All events in one.</summary>
    public static byte[] Pack(IReadOnlyList<ReadOnlyMemory<byte>> events)
    {
        var block = new byte[events.Sum(static item => LengthBytes + item.Length)];
        var at = 0;
        foreach (var item in events)
        {
            BinaryPrimitives.WriteInt32BigEndian(block.AsSpan(at), item.Length);
            item.Span.CopyTo(block.AsSpan(at + LengthBytes));
            at += LengthBytes + item.Length;
        }

        return block;
    }

    /// <summary>The events of a block, in order.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static List<ReadOnlyMemory<byte>> Unpack(ReadOnlyMemory<byte> block)
    {
        var events = new List<ReadOnlyMemory<byte>>();
        while (!block.IsEmpty)
        {
            var length = block.Length >= LengthBytes ? BinaryPrimitives.ReadInt32BigEndian(block.Span) : -1;
            if (length < 0 || length > block.Length - LengthBytes)
            {
                throw new InvalidDataException("A recorded block is broken off.");
            }

            events.Add(block.Slice(LengthBytes, length));
            block = block[(LengthBytes + length)..];
        }

        return events;
    }
}
