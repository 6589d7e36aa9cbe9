namespace AgentSystem.ServiceDefaults.Inference;

/// <summary>What is wrong with a model's list of fallbacks.</summary>
internal static class FallbackRules
{
    /// <summary>Unknown names, the model itself, models of another kind, and circles.</summary>
    public static IEnumerable<string> Check(string at, string model, IReadOnlyDictionary<string, ModelOptions> models)
    {
        foreach (var name in models[model].FallbackNames)
        {
            if (!models.TryGetValue(name, out var other))
            {
                yield return $"{at}:Fallbacks: '{name}' is no configured model. Configured are {string.Join(", ", models.Keys.Order(StringComparer.OrdinalIgnoreCase))}.";
            }
            else if (string.Equals(name, model, StringComparison.OrdinalIgnoreCase))
            {
                yield return $"{at}:Fallbacks: '{name}' is the model itself; name others.";
            }
            else if (ModelKinds.IsEmbedding(models[model].Kind))
            {
                yield return $"{at}:Fallbacks: vectors of different models cannot be compared, so an embedding model has no fallback; remove it.";
            }
            else if (ModelKinds.IsEmbedding(other.Kind))
            {
                yield return $"{at}:Fallbacks: '{name}' makes vectors and cannot answer; name models of kind '{ModelKinds.Chat}'.";
            }
        }

        // Told once for each circle, at its first model by name.
        if (Circle(model, models) is { } circle && circle.Min(StringComparer.OrdinalIgnoreCase) == circle[0])
        {
            yield return $"{at}:Fallbacks: {string.Join(" -> ", [.. circle, circle[0]])} is a circle; take one of them out.";
        }
    }

    /// <summary>The way from a model over fallbacks of fallbacks back to itself, two models or more; null when there is none.</summary>
    private static List<string>? Circle(string start, IReadOnlyDictionary<string, ModelOptions> models)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return From(start, [start]);

        List<string>? From(string at, List<string> way)
        {
            foreach (var next in models.TryGetValue(at, out var settings) ? settings.FallbackNames : [])
            {
                if (string.Equals(next, start, StringComparison.OrdinalIgnoreCase))
                {
                    if (way.Count > 1)
                    {
                        return way;
                    }
                }
                else if (seen.Add(next) && From(next, [.. way, next]) is { } found)
                {
                    return found;
                }
            }

            return null;
        }
    }
}
