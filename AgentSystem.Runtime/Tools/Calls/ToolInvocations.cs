using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentSystem.Contracts.Security;
using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Security.Guard;
using AgentSystem.Runtime.Tools.Catalogue;
using AgentSystem.Runtime.Tools.Schemas;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Tools.Calls;

/// <summary>Calls that a person or program asks for by itself, without a model.</summary>
public sealed class ToolInvocations(ToolCatalog builtIn, IToolStore store, ToolCaller caller, TimeProvider time)
{
    private static readonly TimeSpan BusyRetry = TimeSpan.FromSeconds(1);

    /// <summary>Makes a call, or says why not.</summary>
    /// <param name="by">Who asks; a tool its key does not allow is none.</param>
    /// <param name="name">The tool.</param>
    /// <param name="body">Arguments and approval.</param>
    /// <param name="key">The request's own idempotency key: the same key is the same call, whichever process makes it. Null: a call of its own.</param>
    /// <param name="cancellation">Gives the call up.</param>
    public async Task<(InvokedTool? Call, ToolRefusal? Failure)> InvokeAsync(Caller by, string name, InvokeTool body, string? key, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(by);
        ArgumentNullException.ThrowIfNull(body);
        if (!by.MayUse(name))
        {
            return (null, ToolRegistry.Missing(name));
        }

        var arguments = body.Arguments is { ValueKind: not JsonValueKind.Null } given ? given : JsonSerializer.SerializeToElement(new { });
        if (builtIn.TryGet(name, out var own))
        {
            return await InvokeAsync(by, own, arguments, cancellation).ConfigureAwait(false);
        }

        if (!ToolRules.IsToolName(name) || await store.FindAsync(by.Tenant, [name], cancellation).ConfigureAwait(false) is not [var tool])
        {
            return (null, ToolRegistry.Missing(name));
        }

        if (ToolWords.NotCallable(tool) is { } resting)
        {
            return (null, new ToolRefusal(409, "tool_not_callable", Sentence(resting), "name"));
        }

        var schema = ToolSchema.Read(tool.Definition.Schema!.Value).Schema!;
        if (schema.Check(arguments) is { Count: > 0 } problems)
        {
            return (null, new ToolRefusal(400, "invalid_arguments", $"The arguments do not fit the tool's schema: {string.Join(". ", problems)}.", "arguments"));
        }

        if (tool.Definition.Effect == ToolEffect.Unsafe && !body.Approve)
        {
            return (null, new ToolRefusal(409, "approval_required", $"Tool \"{name}\" is unsafe: each call is approved by itself; look at the arguments and send \"approve\": true with them.", "approve"));
        }

        var id = Id(by, name, key);
        var answer = await caller.CallAsync(by.Tenant, tool, schema, arguments, id, cancellation).ConfigureAwait(false);
        return answer is { Attempts: 0, Outcome: ToolOutcome.Error }
            ? (null, new ToolRefusal(429, "tool_unavailable", Sentence(answer.Text), null, BusyRetry))
            : (new InvokedTool(name, tool.Active, id, ToolWords.Of(answer.Outcome), answer.Text, answer.Attempts, Math.Round(answer.Duration.TotalMilliseconds, 3)), null);
    }

    /// <summary>Built-in tools that touch what a user or agent owns are called in their runs only.</summary>
    private async Task<(InvokedTool? Call, ToolRefusal? Failure)> InvokeAsync(Caller by, ITool tool, JsonElement arguments, CancellationToken cancellation)
    {
        if (tool.Reach != Reach.None)
        {
            return (null, new ToolRefusal(400, "tool_needs_a_run", $"\"{tool.Name}\" works on what a user and an agent have; it is called in their runs only.", "name"));
        }

        if (arguments.ValueKind != JsonValueKind.Object)
        {
            return (null, new ToolRefusal(400, "invalid_arguments", "\"arguments\" must be an object.", "arguments"));
        }

        var started = time.GetTimestamp();
        var values = new AIFunctionArguments(arguments.EnumerateObject().ToDictionary(static member => member.Name, static member => (object?)member.Value, StringComparer.Ordinal));
        var text = (await tool.Bind(new ToolScope(by.Tenant, by.KeyName, "")).InvokeAsync(values, cancellation).ConfigureAwait(false))?.ToString() ?? "";
        var outcome = text.StartsWith("error:", StringComparison.Ordinal) ? ToolOutcome.Error : ToolOutcome.Success;
        return (new InvokedTool(tool.Name, 1, Id(by, tool.Name, null), ToolWords.Of(outcome), text, 0, Math.Round(time.GetElapsedTime(started).TotalMilliseconds, 3)), null);
    }

    private static string Id(Caller by, string tool, string? key) => key is null
        ? $"call-{Guid.CreateVersion7():N}"
        : $"call-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{by.Tenant}\n{by.KeyId}\n{tool}\n{key}")))[..32]}";

    private static string Sentence(string words)
    {
        var text = words.StartsWith("error: ", StringComparison.Ordinal) ? words[7..] : words;
        return $"{char.ToUpperInvariant(text[0])}{text[1..]}.";
    }
}
