using AgentSystem.Api.Http;
using AgentSystem.Contracts.Security;
using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Security.Guard;
using AgentSystem.Runtime.Tools;
using AgentSystem.Runtime.Tools.Calls;
using AgentSystem.Runtime.Tools.Catalogue;
using AgentSystem.Runtime.Tools.Schemas;

namespace AgentSystem.Api.Tools;

/// <summary>Tools as the API shows them.</summary>
internal sealed class ToolViews(ToolHealthReader health)
{
    private static readonly ToolScope Nobody = new("", "", "");

    /// <summary>A tool of a catalogue.</summary>
    public ToolView Of(Caller caller, ToolRecord tool)
    {
        var definition = tool.Definition;
        return new ToolView(
            definition.Name, definition.Kind, definition.Source, tool.Shown, definition.IsCallable, tool.Active, tool.Latest, definition.Description, definition.Url, definition.Effect, definition.Reach,
            definition.Schema, definition.Schema is { } schema ? ToolSchema.Read(schema).Schema?.Example() : null, definition.TimeoutSeconds, definition.MaxConcurrency, definition.MaxResultChars,
            tool.Headers, health.Of(caller.Tenant, definition.Name), tool.CreatedAt, tool.CreatedBy);
    }

    /// <summary>A tool of the platform.</summary>
    public ToolView Of(Caller caller, ITool tool)
    {
        var schema = tool.Bind(Nobody).JsonSchema;
        return new ToolView(
            tool.Name, ToolKind.Builtin, null, ToolState.Active, Callable: true, 1, 1, tool.Description, null, tool.Effect, Reached(tool.Reach), schema, ToolSchema.Read(schema).Schema?.Example(),
            null, null, null, [], health.Of(caller.Tenant, tool.Name), null, null);
    }

    /// <summary>A tool and what registering or reading anew brought.</summary>
    public ToolImport Of(Caller caller, ShownTool shown) =>
        new(Of(caller, shown.Tool), shown.Tools, shown.Changes.Added, shown.Changes.Changed, shown.Changes.Gone, shown.Changes.Skipped);

    /// <summary>A refusal in the form of every other.</summary>
    public static FailureResult Refused(ToolRefusal refusal) => new(new RunFailure(
        refusal.Status, refusal.Status == 429 ? "rate_limit_error" : refusal.Status < 500 ? "invalid_request_error" : "server_error", refusal.Code, refusal.Message, refusal.Member, refusal.RetryAfter));

    private static List<ToolReach> Reached(Reach reach) =>
        [.. new[] { (Reach.Untrusted, ToolReach.Untrusted), (Reach.Private, ToolReach.Private), (Reach.Change, ToolReach.Change) }.Where(each => reach.HasFlag(each.Item1)).Select(static each => each.Item2)];
}
