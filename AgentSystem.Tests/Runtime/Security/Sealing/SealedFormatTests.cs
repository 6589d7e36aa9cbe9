using AgentSystem.Runtime.Security.Sealing;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Security.Sealing;

public sealed class SealedFormatTests
{
    private static readonly byte[] Key = Aead.NewKey();
    private static readonly Gen<string> Word = Gen.String[Gen.Char['a', 'e'], 0, 3];
    private static readonly Gen<SealedPlace> Place = Gen.Select(Word, Word, Word, static (tenant, purpose, id) => new SealedPlace(tenant, purpose, id));
    private static readonly Gen<byte[]> Value = Gen.OneOf(Gen.Byte.Array[0, 300], Gen.Byte[65, 70].Array[500, 3_000]);

    [Fact]
    public void Open_WhatWasSealedThere_GivesItBack() =>
        Gen.Select(Value, Place, Gen.Int[1, int.MaxValue]).Sample((value, place, version) =>
        {
            var stored = SealedFormat.Seal(Key, version, place, value);
            Assert.Equal(version, SealedFormat.KeyVersion(stored));
            Assert.Equal(value, SealedFormat.Open(Key, place, stored));
        });

    [Fact]
    public void Open_WithAnyBitTurned_IsRefused() =>
        Gen.Select(Value, Place, Gen.Double.Unit, Gen.Int[0, 7]).Sample(static (value, place, at, bit) =>
        {
            var stored = SealedFormat.Seal(Key, 1, place, value);
            stored[(int)(at * stored.Length)] ^= (byte)(1 << bit);
            Assert.Null(SealedFormat.Open(Key, place, stored));
        });

    [Fact]
    public void Open_CutAnywhere_IsRefused() =>
        Gen.Select(Value, Place, Gen.Double.Unit).Sample(static (value, place, at) =>
        {
            var stored = SealedFormat.Seal(Key, 1, place, value);
            var cut = stored.AsSpan(0, (int)(at * stored.Length));
            Assert.True(SealedFormat.KeyVersion(cut) is null || SealedFormat.Open(Key, place, cut) is null);
        });

    [Fact]
    public void Open_InAnyOtherPlaceOrUnderAnotherKey_IsRefused() =>
        Gen.Select(Value, Place, Place).Where(static (_, one, other) => one != other).Sample(static (value, one, other) =>
        {
            var stored = SealedFormat.Seal(Key, 1, one, value);
            Assert.Null(SealedFormat.Open(Key, other, stored));
            Assert.Null(SealedFormat.Open(Aead.NewKey(), one, stored));
        });

    [Fact]
    public void Seal_TheSameValueTwice_GivesTwoResults()
    {
        var place = new SealedPlace("t", "p", "i");

        Assert.NotEqual(SealedFormat.Seal(Key, 1, place, "value"u8), SealedFormat.Seal(Key, 1, place, "value"u8));
    }

    [Fact]
    public void Seal_ALongTextThatRepeatsItself_IsShorterThanTheText() => Assert.InRange(SealedFormat.Seal(Key, 1, new SealedPlace("t", "p", "i"), new byte[10_000]).Length, 1, 500);

    [Theory]
    [InlineData(0)]
    [InlineData(SealedFormat.PackFrom - 1)]
    public void Seal_ACredential_HasTheLengthOfTheCredential(int length) =>
        Assert.Equal(SealedFormat.HeadBytes + Aead.Overhead + length, SealedFormat.Seal(Key, 1, new SealedPlace("t", "p", "i"), new byte[length]).Length);
}
