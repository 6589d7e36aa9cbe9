using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentSystem.Runtime.Security.Audit;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Security.Audit;

public sealed class AuditBodyTests
{
    private static readonly Gen<string> Words = Gen.String[Gen.OneOf(Gen.Char['a', 'z'], Gen.Char['\u0001', '\u001F'], Gen.Const('"'), Gen.Const('\\'), Gen.Const('é'), Gen.Const('語')), 0, 12];

    private static readonly Gen<AuditBody> Bodies = Gen.Select(Words, Words, Words, Gen.Enum<AuditDecision>(), Gen.Dictionary(Words, Words)[0, 4], Gen.Long[1, 1L << 50])
        .Select((actor, action, subject, decision, details, sequence) => new AuditBody("default", "s1", sequence, "2026-11-28T12:00:00.000000Z", actor, action, subject, decision, actor.Length % 2 == 0 ? null : actor, details));

    [Fact]
    public void Write_AnEntry_IsTheCanonicalFormThatTheDocumentsShow()
    {
        var body = new AuditBody(
            "default", "s1", 2, "2026-11-28T12:00:00.000000Z", "key:key_1", "key.revoke", "key:key_2", AuditDecision.Allowed, "req_1", new Dictionary<string, string> { ["b"] = "é\"\n", ["a"] = "1" });

        Assert.Equal(
            """{"action":"key.revoke","actor":"key:key_1","at":"2026-11-28T12:00:00.000000Z","decision":"allowed","details":{"a":"1","b":"é\"\n"},"object":"key:key_2","request_id":"req_1","seq":2,"stream":"s1","tenant":"default","v":1}""",
            body.Write());
    }

    [Fact]
    public void Read_WhatWasWritten_GivesItBack() => Bodies.Sample(body =>
    {
        var read = AuditBody.Read(body.Write());
        Assert.NotNull(read);
        Assert.Equal(body with { Details = read.Details }, read);
        Assert.Equivalent(body.Details, read.Details, strict: true);
    });

    [Fact]
    public void Write_AnyBody_IsJsonThatAnotherReaderUnderstands() => Bodies.Sample(body =>
    {
        using var json = JsonDocument.Parse(body.Write());
        Assert.Equal(body.Actor, json.RootElement.GetProperty("actor").GetString());
        Assert.Equal(body.Sequence, json.RootElement.GetProperty("seq").GetInt64());
    });

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"action":"a","actor":"b","at":"c","decision":"maybe","details":{},"object":"","request_id":null,"seq":1,"stream":"s","tenant":"t","v":1}""")]
    [InlineData("""{ "action":"a","actor":"b","at":"c","decision":"allowed","details":{},"object":"","request_id":null,"seq":1,"stream":"s","tenant":"t","v":1}""")]
    [InlineData("""{"actor":"b","action":"a","at":"c","decision":"allowed","details":{},"object":"","request_id":null,"seq":1,"stream":"s","tenant":"t","v":1}""")]
    [InlineData("""{"action":"\u0061","actor":"b","at":"c","decision":"allowed","details":{},"object":"","request_id":null,"seq":1,"stream":"s","tenant":"t","v":1}""")]
    public void Read_AnythingButTheCanonicalForm_IsRefused(string text) => Assert.Null(AuditBody.Read(text));

    [Fact]
    public void After_AnotherEntry_HashesItsHashAndTheBytesOfTheBody()
    {
        var body = new AuditBody("default", "s1", 1, "2026-11-28T12:00:00.000000Z", "system", "audit.begin", "", AuditDecision.Allowed, null, new Dictionary<string, string>());
        var entry = AuditEntry.After(AuditEntry.Nothing, body);

        Assert.Equal(SHA256.HashData([.. new byte[32], .. Encoding.UTF8.GetBytes(entry.Body)]), entry.Hash);
        Assert.Equal("s1-1", entry.Id);
    }

    [Theory]
    [InlineData("s1-1", "s1", 1L)]
    [InlineData("s-1-22", "s-1", 22L)]
    [InlineData("s1-0", null, 0L)]
    [InlineData("s1", null, 0L)]
    [InlineData("-1", null, 0L)]
    [InlineData("s1-99999999999999999999", null, 0L)]
    public void Place_OfAnId_IsItsStreamAndSequence(string id, string? stream, long sequence) =>
        Assert.Equal(stream is null ? null : (stream, sequence), AuditEntry.Place(id));
}
