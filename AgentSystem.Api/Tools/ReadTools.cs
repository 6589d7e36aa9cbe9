using System.Globalization;
using AgentSystem.Api.Http;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Tools;
using AgentSystem.Runtime.Tools.Catalogue;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Tools;

/// <summary><c>GET /api/v1/tools</c>, <c>/{name}</c> and <c>/{name}/versions</c>.</summary>
internal static class ReadTools
{
    /// <summary>The platform's tools and the tenant's, in one list by name.</summary>
    public static async Task<Results<Ok<ListPage<ToolView>>, FailureResult>> List(
        HttpContext http, IToolStore store, ToolCatalog builtIn, ToolViews views, CancellationToken cancellation, string? limit = null, string? cursor = null)
    {
        var (page, failure) = PageRequest.Read(http);
        if (page is null)
        {
            return new FailureResult(failure!);
        }

        var caller = http.Caller();
        var own = builtIn.All.Where(tool => page.After is null || string.CompareOrdinal(tool.Name, page.After) > 0).Select(tool => views.Of(caller, tool));
        var theirs = (await store.ListAsync(caller.Tenant, page.After, page.Limit + 1, cancellation)).Select(tool => views.Of(caller, tool));
        return TypedResults.Ok(page.Page([.. own.Concat(theirs).OrderBy(static tool => tool.Name, StringComparer.Ordinal).Take(page.Limit + 1)], static tool => tool.Name));
    }

    public static async Task<Results<Ok<ToolView>, FailureResult>> One(string name, HttpContext http, ToolRegistry tools, ToolCatalog builtIn, ToolViews views, CancellationToken cancellation)
    {
        var caller = http.Caller();
        if (builtIn.TryGet(name, out var own))
        {
            return TypedResults.Ok(views.Of(caller, own));
        }

        return await tools.FindAsync(caller, name, cancellation) is { } tool ? TypedResults.Ok(views.Of(caller, tool)) : ToolViews.Refused(ToolRegistry.Missing(name));
    }

    public static async Task<Results<Ok<ListPage<ToolVersionView>>, FailureResult>> Versions(
        string name, HttpContext http, IToolStore store, CancellationToken cancellation, string? limit = null, string? cursor = null)
    {
        var (page, failure) = PageRequest.Read(http, static key => int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out _));
        if (page is null)
        {
            return new FailureResult(failure!);
        }

        var before = page.After is { } after ? int.Parse(after, NumberStyles.None, CultureInfo.InvariantCulture) : int.MaxValue;
        var versions = ToolRules.IsToolName(name) ? await store.VersionsAsync(http.Caller().Tenant, name, before, page.Limit + 1, cancellation) : null;
        return versions is null
            ? ToolViews.Refused(ToolRegistry.Missing(name))
            : TypedResults.Ok(page.Page(
                [.. versions.Select(static version => new ToolVersionView(
                    version.Version, version.Definition.Description, version.Definition.Effect, version.Definition.Schema, version.Definition.Url, version.Hash,
                    version.CreatedAt, version.CreatedBy, version.ApprovedAt, version.ApprovedBy))],
                static version => version.Version.ToString(CultureInfo.InvariantCulture)));
    }
}
