using System.Text.RegularExpressions;

namespace AgentSystem.Tests.Architecture;

/// <summary>Inside a plane: which capability may use which other one. A capability without a row is a violation, so the table is always whole.</summary>
internal static partial class DirectionRules
{
    private static readonly string[] Everything = ["*"];

    /// <summary>
    /// Pipeline is on top; below it Reasoning, Coordination, Planning, Agents (the loop), Caching, then {Perception, Memory, Tools}, Routing, Resilience.
    /// Security, Runs and Budgets use nothing but State, and State uses nothing.
    /// </summary>
    public static IReadOnlyDictionary<string, string[]> Runtime { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["Pipeline"] = Everything,
        ["Reasoning"] = ["Coordination", "Planning", "Agents", "Perception", "Memory", "Tools", "Resilience", "Runs", "State", "Security", "Budgets"],
        ["Coordination"] = ["Planning", "Agents", "Perception", "Memory", "Tools", "Resilience", "Runs", "State", "Security", "Budgets"],
        ["Planning"] = ["Agents", "Perception", "Memory", "Tools", "Resilience", "Runs", "State", "Security", "Budgets"],
        // The loop marks what others wrote and lets a guard look at calls and answers.
        ["Agents"] = ["Perception", "Memory", "Tools", "Resilience", "Runs", "State", "Budgets", "Security"],
        ["Perception"] = ["Security"],
        ["Memory"] = ["State", "Security"],
        // Words are folded for comparing as the memory folds them.
        ["Documents"] = ["Memory", "State"],
        // What was said lies in many places, and erasing it reaches their rows, the index, kept answers and the audit log.
        ["Erasure"] = ["Memory", "Caching", "Security", "State"],
        // Remember, recall and search are tools over the ports of memory and documents.
        // Those of tenants are called under the rule of outgoing calls, each behind a breaker.
        ["Tools"] = ["Memory", "Documents", "Egress", "Resilience", "State", "Security"],
        // Whether an answer may be kept depends on what its tools declare about themselves.
        ["Caching"] = ["Tools", "Routing", "Resilience", "Security"],
        // Instances are registered in the database.
        ["Routing"] = ["Resilience", "State"],
        ["Resilience"] = [],
        // Processes of a role are chosen as instances are, and have breakers as models have.
        ["Mesh"] = ["Routing", "Resilience"],
        ["Quality"] = ["Security"],
        // A run's turn is added to its thread in the transaction that ends the run.
        ["Runs"] = ["Threads", "State"],
        ["Threads"] = ["State"],
        // Idempotent requests and streamed responses are recorded answers.
        ["Recordings"] = ["Security", "State"],
        ["Idempotency"] = ["Recordings", "State"],
        // A response in the background is made by a run, and ends with it.
        ["Responses"] = ["Recordings", "Runs", "Security", "Threads", "State"],
        ["Sessions"] = ["State"],
        ["Budgets"] = ["State"],
        ["Security"] = ["State"],
        // What screening says and the audit log are Security's; who is contained, and why, is decided here.
        ["Threats"] = ["Security", "State"],
        ["Egress"] = [],
        // What a webhook tells is read from the run itself.
        ["Webhooks"] = ["Runs", "Egress", "Resilience", "Security", "State"],
        // A scheduled run comes in through the pipeline's intake, like any other.
        ["Schedules"] = ["Pipeline", "Threads", "State"],
        ["State"] = [],
    };

    /// <summary>Monitoring turns facts into signals; the others act on signals and never on one another. State is where each keeps its rows.</summary>
    public static IReadOnlyDictionary<string, string[]> Control { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["Monitoring"] = ["State"],
        ["Behavior"] = ["Monitoring", "State"],
        ["Alerts"] = ["Monitoring", "State"],
        ["Scaling"] = ["Monitoring", "State"],
        ["Deployment"] = ["Monitoring", "State"],
        ["Cost"] = ["Monitoring", "State"],
        ["State"] = [],
    };

    /// <summary>Files that may name every capability, with the reason.</summary>
    public static IReadOnlyDictionary<string, string> Compositions { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["AgentSystem.Runtime/State/StateServiceCollectionExtensions.cs"] = "Registers the Postgres half of every port in one place: one switch chooses the store.",
    };

    public static IEnumerable<string> Check(string plane, IReadOnlyDictionary<string, string[]> table, IEnumerable<SourceFile> sources)
    {
        var own = sources.Where(source => source.Project == plane && source.Capability is not null && !Compositions.ContainsKey(source.Path)).ToArray();
        var types = own.GroupBy(source => source.Capability!, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.SelectMany(source => Declarations.TypesIn(source.Code)).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
        foreach (var source in own)
        {
            if (!table.TryGetValue(source.Capability!, out var allowed))
            {
                yield return $"{source.Path}: {source.Capability} has no row in the table of {plane}.";
                continue;
            }

            foreach (var used in Used(plane, source, types).Where(used => used != source.Capability && !allowed.Contains("*") && !allowed.Contains(used)))
            {
                yield return $"{source.Path}: {source.Capability} may not use {used}.";
            }
        }
    }

    /// <summary>A way from a capability back to itself, or null: a table with a circle permits everything on it.</summary>
    public static string? Circle(IReadOnlyDictionary<string, string[]> table)
    {
        return table.Keys.Select(start => From(start, start, [])).FirstOrDefault(found => found is not null);

        string? From(string start, string at, HashSet<string> seen) =>
            table.GetValueOrDefault(at, []).Where(next => next != "*")
                .Select(next => next == start ? $"{start} -> {at} -> {start}" : seen.Add(next) ? From(start, next, seen) : null)
                .FirstOrDefault(found => found is not null);
    }

    private static HashSet<string> Used(string plane, SourceFile source, Dictionary<string, HashSet<string>> types)
    {
        var used = FullName().Matches(source.Code).Where(match => match.Groups["plane"].Value == plane)
            .Select(match => match.Groups["capability"].Value).Where(types.ContainsKey).ToHashSet(StringComparer.Ordinal);
        // Inside namespace AgentSystem.Runtime.Tools the name Memory.IMemoryStore is reachable without a using.
        used.UnionWith(ShortName().Matches(source.Code)
            .Where(match => types.TryGetValue(match.Groups["capability"].Value, out var declared) && declared.Contains(match.Groups["type"].Value))
            .Select(match => match.Groups["capability"].Value));
        return used;
    }

    [GeneratedRegex(@"\b(?<plane>AgentSystem\.\w+)\.(?<capability>\w+)")]
    private static partial Regex FullName();

    [GeneratedRegex(@"(?<![\w.])(?<capability>[A-Z]\w+)\.(?<type>[A-Z]\w+)")]
    private static partial Regex ShortName();
}
