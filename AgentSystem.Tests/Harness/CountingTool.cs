using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Security.Guard;
using AgentSystem.Runtime.Tools;
using Microsoft.Extensions.AI;

namespace AgentSystem.Tests.Harness;

/// <summary>A tool of any effect class whose calls a test can count; what it counts is the world outside, which no crash takes back.</summary>
internal sealed class CountingTool(string name, ToolEffect effect, Action<string, string> called) : ITool
{
    public string Name => name;

    public string Description => "Counts its calls.";

    public bool Cacheable => false;

    public ToolEffect Effect => effect;

    /// <summary>Nothing by itself: effects alone are what most tests count.</summary>
    public Reach Reach { get; set; } = effect == ToolEffect.Read ? Reach.None : Reach.Change;

    /// <summary>Waited for inside the call, before it is counted.</summary>
    public Func<CancellationToken, Task>? Before { get; set; }

    /// <summary>Thrown inside the call, after it was counted.</summary>
    public Exception? Fault { get; set; }

    public AIFunction Bind(ToolScope scope) => new Function(this, called);

    private sealed class Function(CountingTool tool, Action<string, string> called) : AIFunction
    {
        public override string Name => tool.Name;

        public override string Description => tool.Description;

        protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
        {
            if (tool.Before is { } wait)
            {
                await wait(cancellationToken);
            }

            var id = ToolCallId.Of(arguments) ?? "none";
            called(tool.Name, id);
            return tool.Fault is { } fault ? throw fault : $"{tool.Name} did it";
        }
    }
}
