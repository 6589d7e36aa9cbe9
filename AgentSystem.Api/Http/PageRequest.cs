using System.Buffers.Text;
using System.Globalization;
using System.Text;
using AgentSystem.Contracts.Json;
using AgentSystem.Runtime.Pipeline;

namespace AgentSystem.Api.Http;

/// <summary>Which part of a list is wanted: <c>?limit=</c> and <c>?cursor=</c>. A cursor is the key of the last row that was shown, so that a list stays whole while rows come and go.</summary>
/// <param name="Limit">1 to <see cref="MaxLimit"/>.</param>
/// <param name="After">Key of the last row already shown; null for the first page.</param>
internal sealed record PageRequest(int Limit, string? After)
{
    /// <summary>Most rows of one page.</summary>
    public const int MaxLimit = 200;

    private const int DefaultLimit = 50;
    private const int LongestCursor = 1024;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads both from the query, or says what is wrong with them.</summary>
    /// <param name="http">The request.</param>
    /// <param name="isKey">What a key of this list looks like; a cursor of another list is refused. Null where any text may be one.</param>
    public static (PageRequest? Page, RunFailure? Failure) Read(HttpContext http, Func<string, bool>? isKey = null)
    {
        var (limit, cursor) = ((string?)http.Request.Query["limit"], (string?)http.Request.Query["cursor"]);
        var count = DefaultLimit;
        if (limit is not null && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out count) || count is < 1 or > MaxLimit))
        {
            return (null, RunFailure.Invalid("invalid_value", $"\"limit\" must be a whole number from 1 to {MaxLimit}.", "limit"));
        }

        if (cursor is null)
        {
            return (new PageRequest(count, null), null);
        }

        return Decode(cursor) is { } after && (isKey is null || isKey(after))
            ? (new PageRequest(count, after), null)
            : (null, RunFailure.Invalid("invalid_cursor", "\"cursor\" is not one of this list; pass the \"next_cursor\" of an earlier page as it is, or leave it out to begin at the start.", "cursor"));
    }

    /// <summary>A page from rows fetched with one more than <see cref="Limit"/>: the extra one only tells that there are more.</summary>
    /// <param name="rows">At most <see cref="Limit"/> + 1 rows, in the list's order.</param>
    /// <param name="key">What the store resumes after.</param>
    public ListPage<T> Page<T>(IReadOnlyList<T> rows, Func<T, string> key)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return rows.Count <= Limit
            ? new ListPage<T>(rows)
            : new ListPage<T>([.. rows.Take(Limit)], Base64Url.EncodeToString(Strict.GetBytes(key(rows[Limit - 1]))));
    }

    private static string? Decode(string cursor)
    {
        try
        {
            var key = cursor.Length is > 0 and <= LongestCursor ? Strict.GetString(Base64Url.DecodeFromChars(cursor)) : null;

            // No row has a key like that, and a store would refuse to look for it.
            return key?.Contains('\0', StringComparison.Ordinal) == true ? null : key;
        }
        catch (Exception e) when (e is FormatException or DecoderFallbackException)
        {
            return null;
        }
    }
}
