namespace AgentSystem.Contracts.Security;

/// <summary>Something that somebody holds for a threat: <c>/api/v1/security/intelligence</c>.</summary>
/// <param name="Id">What the paths name.</param>
/// <param name="Kind">What its value is.</param>
/// <param name="Value">In canonical form: an address range, 64 hex digits, a lower-case phrase, host or address of a page.</param>
/// <param name="Confidence">0 to 1: from 0.9 on a match is certain and blocks by itself, from 0.5 on it is watched.</param>
/// <param name="Source">Whose list it is from.</param>
/// <param name="AddedAt">When it was imported last.</param>
/// <param name="ExpiresAt">When it counts no more; null: never.</param>
public sealed record IndicatorView(string Id, IndicatorKind Kind, string Value, double Confidence, string Source, DateTimeOffset AddedAt, DateTimeOffset? ExpiresAt = null);

/// <summary>What an indicator is compared with.</summary>
public enum IndicatorKind
{
    /// <summary>A range of IPv4 or IPv6 addresses requests come from.</summary>
    Address,

    /// <summary>SHA-256 of a text, in UTF-8.</summary>
    Sha256,

    /// <summary>1 to 16 words in a row of a text, whatever their case.</summary>
    Phrase,

    /// <summary>A host named in a text, or one below it.</summary>
    Domain,

    /// <summary>An address of a page in a text.</summary>
    Url,
}

/// <summary>Body of <c>POST /api/v1/security/intelligence</c>: either a list or a bundle.</summary>
/// <param name="Source">1 to 100 characters; the whole list can be removed by it.</param>
/// <param name="List">One entry a line: an address or range, <c>sha256:HEX</c> or 64 hex digits, <c>domain:HOST</c>, a page's address, anything else is a phrase. Lines that begin with <c>#</c> are passed over.</param>
/// <param name="Bundle">A STIX 2.1 bundle: its indicators with patterns of one comparison, or several joined by <c>OR</c>, on addresses, hashes, domains and URLs.</param>
/// <param name="Confidence">0 to 1 for entries that say nothing; absent: 0.7.</param>
/// <param name="ExpiresInDays">1 to 3650 for entries that say nothing; absent: never.</param>
public sealed record ImportIntelligence(string Source, string? List = null, System.Text.Json.Nodes.JsonObject? Bundle = null, double? Confidence = null, int? ExpiresInDays = null);

/// <summary>What came of an import.</summary>
/// <param name="Imported">Entries that are kept now.</param>
/// <param name="Skipped">Entries that were not, the first 100.</param>
/// <param name="SkippedCount">How many they are.</param>
public sealed record IntelligenceImported(int Imported, IReadOnlyList<SkippedIndicator> Skipped, int SkippedCount);

/// <summary>An entry that was not imported.</summary>
/// <param name="Entry">The line's number from 1 on, or the indicator's id.</param>
/// <param name="Reason">Why.</param>
public sealed record SkippedIndicator(string Entry, string Reason);

/// <summary>What came of removing a source.</summary>
/// <param name="Removed">Entries that are gone.</param>
public sealed record IntelligenceRemoved(int Removed);
