using AgentSystem.Contracts.Agents;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Pipeline;
using Microsoft.Net.Http.Headers;

namespace AgentSystem.Api.Agents;

/// <summary>How a request says which state of an agent it has seen, and how an answer says which one it shows.</summary>
internal static class AgentTags
{
    /// <summary>The <c>If-Match</c> of a request; null without one. Weak tags never match: what is changed must be known exactly.</summary>
    public static (VersionMatch? Match, RunFailure? Failure) Read(HttpContext http)
    {
        var header = http.Request.Headers.IfMatch;
        if (header.Count == 0)
        {
            return (null, null);
        }

        return EntityTagHeaderValue.TryParseStrictList(header, out var tags) && tags.Count > 0
            ? (new VersionMatch([.. tags.Where(static tag => !tag.IsWeak).Select(static tag => tag.Tag.ToString())]), null)
            : (null, RunFailure.Invalid("invalid_value", "\"If-Match\" must be the ETag of an earlier answer with its quotes, such as \"v2-3\", or *.", "If-Match"));
    }

    /// <summary>True when the request's <c>If-None-Match</c> names the state the agent is in; the tag may be weak there (RFC 9110, section 13.1.2).</summary>
    public static bool IsKnown(HttpContext http, AgentRecord agent) =>
        http.Request.Headers.IfNoneMatch is { Count: > 0 } header && EntityTagHeaderValue.TryParseList(header, out var tags)
        && tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Tag == agent.State.Tag);

    /// <summary>Shows a version with the agent's ETag.</summary>
    public static AgentVersionView Show(HttpContext http, AgentRecord agent)
    {
        http.Response.Headers.ETag = agent.State.Tag;
        return agent.ToView();
    }
}
