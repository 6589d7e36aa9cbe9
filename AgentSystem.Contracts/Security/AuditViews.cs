using System.Text.Json.Serialization;

namespace AgentSystem.Contracts.Security;

/// <summary>An entry of the audit log: <c>GET /api/v1/security/audit</c>.</summary>
/// <param name="Id">Its chain and its place there.</param>
/// <param name="Stream">The chain: one of one process.</param>
/// <param name="Sequence">Its place, from 1 on without a gap.</param>
/// <param name="At">When it happened, UTC.</param>
/// <param name="Actor">Who: <c>key:ID</c>, <c>subject:NAME</c>, <c>address:IP</c> or <c>system</c>; <c>subject:(erased)</c> where the name was erased.</param>
/// <param name="Action">What, a noun and a verb: <c>key.revoke</c>.</param>
/// <param name="Target">On what; empty where there is nothing to name.</param>
/// <param name="Decision"><c>allowed</c>, <c>allowed_with_monitoring</c>, <c>denied</c> or <c>failed</c>.</param>
/// <param name="RequestId">The request's <c>x-request-id</c>.</param>
/// <param name="Details">Names and short values, cleaned of secrets and personal data.</param>
/// <param name="Hash">SHA-256 over the hash before it and its canonical form, hexadecimal.</param>
public sealed record AuditEntryView(
    string Id, string Stream, long Sequence, DateTimeOffset At, string Actor, string Action, [property: JsonPropertyName("object")] string Target, string Decision, string? RequestId, IReadOnlyDictionary<string, string> Details, string Hash);

/// <summary>An entry with what proves it: <c>GET /api/v1/security/audit/{id}</c>.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Body">Its canonical form, the text that was hashed.</param>
/// <param name="Previous">The hash of the entry before it, hexadecimal.</param>
/// <param name="Inclusion">The way from it to a signed root; null until it is signed, a minute at most.</param>
public sealed record AuditEntryProof(AuditEntryView Entry, string Body, string Previous, AuditInclusion? Inclusion);

/// <summary>The way from an entry to a signed root (RFC 6962, section 2.1.1).</summary>
/// <param name="Leaf">The entry's place among all leaves, from 0.</param>
/// <param name="LeafHash">SHA-256 over 0x00 and the entry's hash, hexadecimal.</param>
/// <param name="Path">The siblings from the leaf upwards, hexadecimal.</param>
/// <param name="Root">The root it leads to.</param>
public sealed record AuditInclusion(long Leaf, string LeafHash, IReadOnlyList<string> Path, AuditRootView Root);

/// <summary>A signed root over all entries of all chains: <c>GET /api/v1/security/audit/roots</c>.</summary>
/// <param name="Size">How many entries it is over.</param>
/// <param name="Hash">The root, hexadecimal.</param>
/// <param name="At">When it was signed, exactly as it was signed.</param>
/// <param name="Signature">ECDSA P-256 with SHA-256 over the signed text, DER in base64.</param>
/// <param name="KeyId">Which key signed it.</param>
/// <param name="SignedText">The text that was signed.</param>
public sealed record AuditRootView(long Size, string Hash, string At, string Signature, string KeyId, string SignedText);

/// <summary>That a root is the beginning of a later one (RFC 6962, section 2.1.2): <c>GET /api/v1/security/audit/consistency?from=&amp;to=</c>.</summary>
/// <param name="From">The earlier root.</param>
/// <param name="To">The later one.</param>
/// <param name="Path">The hashes that show it, hexadecimal.</param>
public sealed record AuditConsistency(AuditRootView From, AuditRootView To, IReadOnlyList<string> Path);

/// <summary>The key that checks the roots' signatures: <c>GET /api/v1/security/audit/key</c>.</summary>
/// <param name="KeyId">Its name in the roots.</param>
/// <param name="PublicKey">The key as PEM (P-256). Keep a copy outside the system.</param>
public sealed record AuditKeyView(string KeyId, string PublicKey);

/// <summary>What a verification came to: <c>GET /api/v1/security/audit/verify</c>.</summary>
/// <param name="Valid">True when nothing is wrong.</param>
/// <param name="Entries">Entries that were looked at.</param>
/// <param name="Withheld">Of these, how many belong to other tenants and were checked by their hashes only.</param>
/// <param name="Streams">Chains they stand in.</param>
/// <param name="SignedEntries">Entries under the newest root.</param>
/// <param name="Roots">Signed roots.</param>
/// <param name="Newest">The newest root; null while there is none.</param>
/// <param name="SecondPlace">Roots found outside the database; null where there is no such place.</param>
/// <param name="Problems">What is wrong and where; at most 100.</param>
public sealed record AuditVerification(
    bool Valid, long Entries, long Withheld, long Streams, long SignedEntries, long Roots, AuditRootView? Newest, long? SecondPlace, IReadOnlyList<AuditProblem> Problems);

/// <summary>Something that is wrong with the audit log.</summary>
/// <param name="Kind"><c>altered</c>, <c>broken_link</c>, <c>missing</c>, <c>out_of_order</c>, <c>wrong_root</c>, <c>wrong_signature</c>, <c>unknown_key</c>, <c>rolled_back</c> or <c>unreadable</c>.</param>
/// <param name="Where">The entry, the root or the line.</param>
/// <param name="Details">What was found and what was expected.</param>
public sealed record AuditProblem(string Kind, string Where, string Details);

/// <summary>Body of <c>POST /api/v1/security/audit/erasures</c>.</summary>
/// <param name="Subject">The name of a person or an address, as entries show it: <c>subject:NAME</c>, <c>user:NAME</c>, <c>address:IP</c>, or the name alone.</param>
public sealed record EraseAuditSubject(string Subject);

/// <summary>What an erasure came to.</summary>
/// <param name="Erased">True when the subject was known; its names in entries cannot be opened any more.</param>
public sealed record AuditSubjectErased(bool Erased);
