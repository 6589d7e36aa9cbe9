using System.Text.Json;
using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Memory;
using AgentSystem.Runtime.Security.Guard;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Tools.Memory;

/// <summary>Keeps a statement for the user a run speaks for.</summary>
internal sealed class RememberTool(IMemoryStore memory) : ITool
{
    private static readonly JsonElement Schema = ToolFunction.Schema("""
        {
          "type": "object",
          "properties": {
            "fact": {
              "type": "string",
              "description": "One statement worth keeping, as the user worded it and without the request around it, for example: my sister's birthday is 4 May",
              "x-copy": "span"
            }
          },
          "required": ["fact"],
          "additionalProperties": false
        }
        """);

    public string Name => "remember";

    public string Description => "Keeps a statement about the user or their world for later conversations. Returns ok when it is kept.";

    public bool Cacheable => false;

    // The same statement of the same user is kept once, however often it is said.
    public ToolEffect Effect => ToolEffect.Idempotent;

    public Reach Reach => Reach.Change;

    public AIFunction Bind(ToolScope scope) => new ToolFunction(this, Schema, async (arguments, cancellation) =>
    {
        var fact = arguments["fact"].Trim();
        if (MemoryLimits.Problem(fact) is { } problem)
        {
            return $"error: the fact {problem}";
        }

        await memory.RememberAsync(new MemoryScope(scope.Tenant, scope.User, scope.Agent), fact, cancellation);
        return "ok";
    });
}
