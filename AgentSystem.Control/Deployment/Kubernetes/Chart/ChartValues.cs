using System.Text;
using System.Text.Json.Nodes;

namespace AgentSystem.Control.Deployment.Kubernetes.Chart;

/// <summary>The chart's defaults, with the three roots of Aspire's publisher: <c>parameters</c>, <c>secrets</c>, <c>config</c>.</summary>
internal sealed class ChartValues
{
    private readonly Dictionary<string, string> notes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> choices = new(StringComparer.Ordinal);
    private readonly HashSet<string> keys = new(StringComparer.Ordinal);

    /// <summary>Keys that have a value of their own; what is below one of them is its user's affair.</summary>
    public IReadOnlySet<string> Keys => keys;

    /// <summary>The tree.</summary>
    public JsonObject Root { get; } = new() { ["parameters"] = new JsonObject(), ["secrets"] = new JsonObject(), ["config"] = new JsonObject() };

    /// <summary>Sets a default. Two objects may share a value, and must agree on it.</summary>
    /// <exception cref="ArgumentException">They do not.</exception>
    public void Default(string key, JsonNode? value)
    {
        var path = key.Split('.');
        var at = Root;
        foreach (var step in path[..^1])
        {
            at = (JsonObject)(at[step] ??= new JsonObject());
        }

        if (at.TryGetPropertyValue(path[^1], out var there) && !JsonNode.DeepEquals(there, value))
        {
            throw new ArgumentException($"{key} has two defaults: {there?.ToJsonString()} and {value?.ToJsonString()}.", nameof(key));
        }

        at[path[^1]] = value?.DeepClone();
        keys.Add(key);
    }

    /// <summary>One of several words; the first is the default.</summary>
    public void Choice(string key, string note, params string[] words)
    {
        Default(key, words[0], note);
        choices[key] = words;
    }

    /// <summary>The words of a choice; null: it is none.</summary>
    public IReadOnlyList<string>? ChoicesOf(string key) => choices.GetValueOrDefault(key);

    /// <summary>The same, with a comment above it.</summary>
    public void Default(string key, JsonNode? value, string note)
    {
        Default(key, value);
        notes[key] = note;
    }

    /// <summary>As <c>values.yaml</c>.</summary>
    public string Text()
    {
        var output = new StringBuilder();
        Write(Root, "", 0, output);
        return output.ToString();
    }

    private void Write(JsonObject members, string path, int indent, StringBuilder output)
    {
        foreach (var (key, value) in members)
        {
            var full = path.Length == 0 ? key : $"{path}.{key}";
            if (notes.TryGetValue(full, out var note))
            {
                output.Append(' ', indent).Append("# ").Append(note).Append('\n');
            }

            output.Append(' ', indent).Append(YamlText.Key(key)).Append(':');
            if (value is JsonObject { Count: > 0 } below)
            {
                output.Append('\n');
                Write(below, full, indent + YamlText.Step, output);
            }
            else if (value is JsonArray { Count: > 0 })
            {
                var list = YamlText.Write(value).TrimEnd('\n').Replace("\n", "\n" + new string(' ', indent + YamlText.Step), StringComparison.Ordinal);
                output.Append('\n').Append(' ', indent + YamlText.Step).Append(list).Append('\n');
            }
            else
            {
                output.Append(' ').Append(YamlText.Scalar(value)).Append('\n');
            }
        }
    }
}
