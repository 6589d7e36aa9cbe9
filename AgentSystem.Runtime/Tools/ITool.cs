using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Security.Guard;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Tools;

/// <summary>A tool of the platform. A run binds it to its scope and hands the function to the model.</summary>
public interface ITool
{
    /// <summary>Unique; what the model calls.</summary>
    string Name { get; }

    /// <summary>One sentence for the model and for people.</summary>
    string Description { get; }

    /// <summary>True when the same arguments always give the same result and nothing else happens: only then may an answer that used it be cached.</summary>
    bool Cacheable { get; }

    /// <summary>What a call does to the world. A run that is resumed repeats a call only where this allows it.</summary>
    ToolEffect Effect { get; }

    /// <summary>What it touches, for the Rule of Two. A tool that does not say is taken for one that reads what others wrote and what is private, or changes something.</summary>
    Reach Reach => Effect == ToolEffect.Read ? Reach.Untrusted | Reach.Private : Reach.Untrusted | Reach.Change;

    /// <summary>What its results are to a model.</summary>
    PartSource Source => PartSource.Tool;

    /// <summary>
    /// True when its results come from outside the platform, failures included: then a result that begins with <c>error:</c> is no sign that the platform wrote it, and is screened like every other.
    /// </summary>
    bool IsForeign => false;

    /// <summary>The function for one run. Expected failures are results the model can read (<c>error: ...</c>), not exceptions.</summary>
    AIFunction Bind(ToolScope scope);
}

/// <summary>On whose behalf a tool runs.</summary>
public sealed record ToolScope(string Tenant, string User, string Agent);
