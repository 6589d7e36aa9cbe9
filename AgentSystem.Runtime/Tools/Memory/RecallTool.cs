using System.Text.Json;
using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Memory;
using AgentSystem.Runtime.Security.Guard;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Tools.Memory;

/// <summary>Finds what the user said earlier.</summary>
internal sealed class RecallTool(IMemoryStore memory) : ITool
{
    /// <summary>Most statements in one result.</summary>
    public const int MaxStatements = 3;

    /// <summary>A further statement is added only when it scores at least this share of the best one's score: a weaker one would blur the answer.</summary>
    public const double NearlyAsGood = 0.9;

    private static readonly JsonElement Schema = ToolFunction.Schema("""
        {
          "type": "object",
          "properties": {
            "subject": {
              "type": "string",
              "description": "What to look for, as a short noun phrase in the user's words, for example: my sister's birthday",
              "x-copy": "span"
            }
          },
          "required": ["subject"],
          "additionalProperties": false
        }
        """);

    public string Name => "recall";

    public string Description =>
        "Looks up what the user asked to remember, also in earlier conversations. Returns the statements that fit, the best first and one per line, or 'nothing remembered'.";

    public bool Cacheable => false;

    public ToolEffect Effect => ToolEffect.Read;

    public Reach Reach => Reach.Private;

    public PartSource Source => PartSource.Memory;

    public AIFunction Bind(ToolScope scope) => new ToolFunction(this, Schema, async (arguments, cancellation) =>
    {
        var subject = arguments["subject"].Trim();
        if (MemoryLimits.Problem(subject) is { } problem)
        {
            return $"error: the subject {problem}";
        }

        var found = await memory.RecallAsync(new MemoryScope(scope.Tenant, scope.User, scope.Agent), subject, MaxStatements, cancellation);
        return found.Count == 0
            ? "nothing remembered"
            : string.Join('\n', found.TakeWhile(statement => statement.Score >= found[0].Score * NearlyAsGood).Select(statement => statement.Text));
    });
}
