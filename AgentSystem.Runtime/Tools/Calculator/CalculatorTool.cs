using System.Text.Json;
using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Security.Guard;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Tools.Calculator;

/// <summary>Exact decimal arithmetic of any size.</summary>
internal sealed class CalculatorTool : ITool
{
    // x-copy tells a decoder that numbers are copied from the conversation; other models ignore it.
    private static readonly JsonElement Schema = ToolFunction.Schema("""
        {
          "type": "object",
          "properties": {
            "expression": {
              "type": "string",
              "description": "Arithmetic without spaces, for example (3+4)*2, 12.5/4, 2^10 or 15%*80. Operators: + - * / ^ (power) and % after a number (per cent, so 15%*80 is 12; there is no remainder operator). No thousands separators, no units, no functions.",
              "x-copy": "numbers",
              "pattern": "^[0-9.+\\-*/()%^]+$"
            }
          },
          "required": ["expression"],
          "additionalProperties": false
        }
        """);

    public string Name => "calculator";

    public string Description =>
        "Calculates an arithmetic expression exactly and returns the number. A result marked (rounded) is; 'error: ...' says why there is no result.";

    public bool Cacheable => true;

    public ToolEffect Effect => ToolEffect.Read;

    public Reach Reach => Reach.None;

    public AIFunction Bind(ToolScope scope) => new ToolFunction(
        this,
        Schema,
        (arguments, _) => ValueTask.FromResult(ExpressionParser.Evaluate(arguments["expression"]).ToString()));
}
