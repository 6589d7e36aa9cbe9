using AgentSystem.Runtime.Idempotency;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Idempotency;

/// <summary>What a key is, and which requests are the same.</summary>
public sealed class IdempotencyKeyTests
{
    private static readonly Gen<string> Keys = Gen.Char['!', '~'].Array[1, 255].Select(static letters => new string(letters)).Where(static key => key[0] != '"');

    [Fact]
    public void Read_TheSameKeyBareAndQuoted_IsTheSame() =>
        Keys.Sample(key => IdempotencyKey.Read(key) == key && IdempotencyKey.Read($"\"{key.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"") == key);

    [Theory]
    [InlineData("")]
    [InlineData("\"\"")]
    [InlineData("two words")]
    [InlineData("\"two words\"")]
    [InlineData("\"open")]
    [InlineData("\"a\"b")]
    [InlineData("\"a\";p=1")]
    [InlineData("\"a\\x\"")]
    [InlineData("\"a\\")]
    [InlineData("schlüssel")]
    [InlineData("tab\tinside")]
    public void Read_WhatIsNoKey_IsNull(string header) => Assert.Null(IdempotencyKey.Read(header));

    [Fact]
    public void Read_OfTheLongestLength_IsTakenAndOneMoreIsNot()
    {
        Assert.NotNull(IdempotencyKey.Read(new string('k', 255)));
        Assert.Null(IdempotencyKey.Read(new string('k', 256)));
    }

    [Fact]
    public void Body_OfAnUploadRepeatedWithAnotherBoundary_IsTheSame()
    {
        static byte[] Upload(string boundary, string text) => RequestHash.Body("", "multipart/form-data", boundary, System.Text.Encoding.UTF8.GetBytes(
            $"--{boundary}\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n{text}\r\n--{boundary}--\r\n"));

        Assert.Equal(Upload("one", "text"), Upload("another", "text"));
        Assert.NotEqual(Upload("one", "text"), Upload("one", "other text"));
    }

    [Fact]
    public void Body_OfAnotherQueryOrMediaType_IsAnother()
    {
        byte[] body = [1, 2, 3];
        var first = RequestHash.Body("", "application/json", null, body);
        Assert.Equal(first, RequestHash.Body("", "application/json", null, body));
        Assert.NotEqual(first, RequestHash.Body("?a=1", "application/json", null, body));
        Assert.NotEqual(first, RequestHash.Body("", "text/plain", null, body));
    }

    [Fact]
    public void Scope_PartsThatOnlyLookTheSameTogether_AreDifferent() => Assert.NotEqual(RequestHash.Scope("k", "/a", "bc"), RequestHash.Scope("k", "/ab", "c"));
}
