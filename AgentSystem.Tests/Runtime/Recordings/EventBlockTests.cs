using AgentSystem.Runtime.Recordings;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Recordings;

/// <summary>Events as one value, and back.</summary>
public sealed class EventBlockTests
{
    [Fact]
    public void Unpack_WhatWasPacked_GivesTheSameEventsInOrder() =>
        Gen.Byte.Array[0, 40].List[0, 12].Sample(events =>
        {
            var back = EventBlock.Unpack(EventBlock.Pack([.. events.Select(static item => (ReadOnlyMemory<byte>)item)]));
            return back.Select(static item => item.ToArray()).SequenceEqual(events, ByContent.Instance);
        });

    [Fact]
    public void Unpack_ABlockCutAnywhereInside_IsRefused() =>
        Gen.Byte.Array[1, 40].Select(Gen.Int[1, 43]).Sample((item, cut) =>
        {
            var block = EventBlock.Pack([item]);
            var broken = block.AsMemory(0, block.Length - Math.Min(cut, block.Length - 1));
            Assert.Throws<InvalidDataException>(() => EventBlock.Unpack(broken));
        });

    private sealed class ByContent : IEqualityComparer<byte[]>
    {
        public static ByContent Instance { get; } = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] bytes) => bytes.Length;
    }
}
