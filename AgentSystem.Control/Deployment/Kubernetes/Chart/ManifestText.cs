using System.Text;
using System.Text.Json.Nodes;
using k8s;

namespace AgentSystem.Control.Deployment.Kubernetes.Chart;

/// <summary>Writes an object as a template: what values decide becomes an expression, everything else stands as it is.</summary>
internal sealed class ManifestText
{
    private static readonly string[] Head = ["apiVersion", "kind", "metadata", "type"];

    private readonly Dictionary<string, Lift[]> lifts;
    private readonly ChartValues values;
    private readonly StringBuilder output = new();

    private ManifestText(Manifest manifest, ChartValues values) =>
        (lifts, this.values) = (manifest.Lifts.GroupBy(static lift => lift.Path).ToDictionary(static group => group.Key, static group => group.ToArray(), StringComparer.Ordinal), values);

    /// <summary>Writes it, and adds its defaults to the values.</summary>
    /// <exception cref="ArgumentException">A lift names a place that the object does not have.</exception>
    public static string Write(Manifest manifest, ChartValues values)
    {
        var body = (JsonObject)JsonNode.Parse(KubernetesJson.Serialize(manifest.Body))!;
        var ordered = new JsonObject(body.OrderBy(static member => Array.IndexOf(Head, member.Key) is var at && at >= 0 ? at : Head.Length).Select(static member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
        var text = new ManifestText(manifest, values);
        text.Members(ordered, "", 0);
        if (text.lifts.Count > 0)
        {
            throw new ArgumentException($"{manifest.Path} has no {string.Join(", ", text.lifts.Keys)}.", nameof(manifest));
        }

        return manifest.If is { } condition ? $"{{{{- if {condition} }}}}\n---\n{text.output}{{{{- end }}}}\n" : $"---\n{text.output}";
    }

    private void Members(JsonObject members, string path, int indent)
    {
        foreach (var (key, value) in members)
        {
            output.Append(' ', indent).Append(YamlText.Key(key)).Append(':');
            Value(value, path.Length == 0 ? key : $"{path}/{key}", indent);
        }
    }

    /// <summary>What stands behind a key.</summary>
    private void Value(JsonNode? value, string path, int indent)
    {
        lifts.Remove(path, out var here);
        if (here?.OfType<ValueLift>().SingleOrDefault() is { } lift)
        {
            values.Default(lift.Key, value);
            output.Append(Expression(lift.Key, value, indent + YamlText.Step));
            return;
        }

        var lines = here?.OfType<LinesLift>().SelectMany(static lines => lines.Lines).ToArray() ?? [];
        if (here?.OfType<TextsLift>().SingleOrDefault() is { } texts)
        {
            values.Default(texts.Key, value);
            (value, lines) = (null, [.. Each(".Values." + texts.Key), .. lines]);
        }

        if (value is JsonObject { Count: > 0 } or JsonArray { Count: > 0 } || lines.Length > 0)
        {
            output.Append('\n');
            Below(value, path, indent + YamlText.Step);
            foreach (var line in lines)
            {
                output.Append(' ', indent + YamlText.Step).Append(line.Replace("{columns}", (indent + YamlText.Step).ToString(), StringComparison.Ordinal)).Append('\n');
            }

            return;
        }

        output.Append(' ').Append(Scalar(value)).Append('\n');
    }

    private void Below(JsonNode? value, string path, int indent)
    {
        if (value is JsonObject members)
        {
            Members(members, path, indent);
        }

        foreach (var (item, at) in (value as JsonArray ?? []).Select(static (item, at) => (item, at)))
        {
            Item(item, $"{path}/{at}", indent);
        }
    }

    private void Item(JsonNode? item, string path, int indent)
    {
        output.Append(' ', indent).Append("- ");
        var begun = output.Length;
        switch (item)
        {
            case JsonObject { Count: > 0 } or JsonArray { Count: > 0 }:
                Below(item, path, indent + YamlText.Step);
                // The first line of the item stands behind its dash.
                output.Remove(begun, indent + YamlText.Step);
                break;
            default:
                output.Append(Scalar(item)).Append('\n');
                break;
        }
    }

    /// <summary>A text that is an expression which quotes itself stands bare; one with an expression inside is quoted as it is.</summary>
    private static string Scalar(JsonNode? value)
    {
        var written = YamlText.Scalar(value);
        if (!written.Contains("{{", StringComparison.Ordinal))
        {
            return written;
        }

        var text = value!.GetValue<string>();
        return text.StartsWith("{{", StringComparison.Ordinal) && text.Contains("| quote", StringComparison.Ordinal) ? text
            : !text.Contains('"', StringComparison.Ordinal) ? $"\"{text}\""
            : throw new ArgumentException($"{text}: an expression with quotes inside must quote its own result.");
    }

    private static string Expression(string key, JsonNode? value, int columns) => value switch
    {
        JsonObject or JsonArray => $"\n{new string(' ', columns)}{{{{- toYaml .Values.{key} | nindent {columns} }}}}\n",
        JsonValue scalar when scalar.GetValueKind() == System.Text.Json.JsonValueKind.String => $" {{{{ .Values.{key} | quote }}}}\n",
        JsonValue scalar when scalar.GetValueKind() == System.Text.Json.JsonValueKind.Number => $" {{{{ .Values.{key} | int }}}}\n",
        _ => $" {{{{ .Values.{key} }}}}\n",
    };

    /// <summary>Each entry of a map as a quoted text.</summary>
    internal static string[] Each(string map) => [$"{{{{- range $key, $value := {map} }}}}", "{{ $key | quote }}: {{ $value | quote }}", "{{- end }}"];
}
