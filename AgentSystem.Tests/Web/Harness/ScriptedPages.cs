using System.Globalization;
using AgentSystem.Contracts.Json;
using Microsoft.AspNetCore.Http;

namespace AgentSystem.Tests.Web.Harness;

/// <summary>Lists page by page, as the platform gives them; the cursor is simply where the next page begins.</summary>
internal static class ScriptedPages
{
    private const int Usual = 50;

    public static IResult Of<T>(HttpRequest request, IEnumerable<T> rows)
    {
        var start = int.TryParse(request.Query["cursor"], CultureInfo.InvariantCulture, out var cursor) ? cursor : 0;
        var limit = int.TryParse(request.Query["limit"], CultureInfo.InvariantCulture, out var wanted) ? wanted : Usual;
        var all = rows.ToArray();
        return Json(new ListPage<T>(all[start..Math.Min(all.Length, start + limit)], start + limit < all.Length ? (start + limit).ToString(CultureInfo.InvariantCulture) : null));
    }

    public static IResult Json(object value, int status = 200) => Results.Json(value, PlatformJson.Options, statusCode: status);

    public static bool Has(string? text, string? words) => string.IsNullOrEmpty(words) || text?.Contains(words, StringComparison.OrdinalIgnoreCase) == true;
}
