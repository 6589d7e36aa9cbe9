using AgentSystem.Contracts.Models;

namespace AgentSystem.Runtime.Agents.Rules;

/// <summary>Which model answers for an agent, and which ones after it. Names are taken whatever their case, and kept as they are configured.</summary>
internal static class ModelRules
{
    /// <summary>What a request chose, in configured names.</summary>
    internal readonly record struct Choice(string Model, IReadOnlyList<string>? Fallbacks, AgentRefusal? ModelFailure, AgentRefusal? FallbackFailure);

    /// <summary>Looks the names up. A null list of fallbacks keeps the model's own configured order.</summary>
    public static Choice Read(string model, IReadOnlyList<string>? fallbacks, IReadOnlyList<ModelView> models)
    {
        var (first, wrong) = Find(model, "model", models);
        if (first is null)
        {
            return new Choice(model, null, wrong, null);
        }

        var after = new List<string>();
        foreach (var (name, i) in (fallbacks ?? []).Select(static (name, i) => (name, i)))
        {
            var member = $"fallbacks[{i}]";
            var (next, unknown) = Find(name, member, models);
            var failure = unknown
                ?? (next!.Name == first.Name ? AgentRules.Invalid(member, $"\"{next.Name}\" is the agent's model already; \"fallbacks\" names those to try after it.") : null)
                ?? (after.Contains(next.Name) ? AgentRules.Invalid(member, $"\"fallbacks\" names \"{next.Name}\" twice.") : null);
            if (failure is not null)
            {
                return new Choice(first.Name, null, null, failure);
            }

            after.Add(next!.Name);
        }

        var cycle = Cycle(first.Name, fallbacks is null ? null : after, models);
        return new Choice(first.Name, fallbacks is null ? null : after, null, cycle is null ? null : AgentRefusal.Invalid(
            "cyclic_fallbacks", $"The fallbacks lead in a circle: {string.Join(" -> ", cycle)}. Leave one of them out, or change Models:{cycle[^2]}:Fallbacks.", fallbacks is null ? "model" : "fallbacks"));
    }

    /// <summary>The path from the agent's model along the fallbacks back to a model on it, or null. The agent's own fallbacks stand in for those its model has.</summary>
    internal static IReadOnlyList<string>? Cycle(string first, IReadOnlyList<string>? own, IReadOnlyList<ModelView> models)
    {
        var configured = models.ToDictionary(model => model.Name, model => model.Fallbacks ?? [], StringComparer.OrdinalIgnoreCase);
        var (path, done) = (new List<string>(), new HashSet<string>(StringComparer.OrdinalIgnoreCase));
        return Follow(first, own ?? configured.GetValueOrDefault(first, []));

        List<string>? Follow(string model, IReadOnlyList<string> next)
        {
            path.Add(model);
            foreach (var name in next)
            {
                var at = path.FindIndex(seen => seen.Equals(name, StringComparison.OrdinalIgnoreCase));
                if (at >= 0)
                {
                    return [.. path, path[at]];
                }

                if (!done.Contains(name) && Follow(name, configured.GetValueOrDefault(name, [])) is { } cycle)
                {
                    return cycle;
                }
            }

            path.RemoveAt(path.Count - 1);
            done.Add(model);
            return null;
        }
    }

    private static (ModelView? Model, AgentRefusal? Failure) Find(string? name, string member, IReadOnlyList<ModelView> models)
    {
        var found = models.FirstOrDefault(model => model.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        var known = string.Join(", ", models.Where(model => model.Kind == ModelKind.Chat).Select(model => model.Name));
        return found switch
        {
            null => (null, AgentRefusal.Invalid("unknown_model", $"There is no model \"{name}\"; known models: {known}. An operator adds one with Models:<name>.", member)),
            { Kind: not ModelKind.Chat } => (null, AgentRefusal.Invalid("unsuitable_model", $"Model \"{found.Name}\" makes vectors and cannot answer; models that can: {known}.", member)),
            _ => (found, null),
        };
    }
}
