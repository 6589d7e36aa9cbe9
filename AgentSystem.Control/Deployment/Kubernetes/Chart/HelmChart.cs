using System.Text.Json.Nodes;
using AgentSystem.Control.Deployment.Kubernetes.Templates;

namespace AgentSystem.Control.Deployment.Kubernetes.Chart;

/// <summary>A chart in memory: the same bytes from the same model.</summary>
public sealed class HelmChart
{
    private readonly JsonObject values;

    internal HelmChart(IReadOnlyDictionary<string, string> files, JsonObject values) => (Files, this.values) = (files, values);

    /// <summary>Name of the chart, and the value of its objects' name label.</summary>
    public const string Name = "agentsystem";

    /// <summary>Version of the chart, and of the images it names unless told otherwise.</summary>
    public const string Version = "0.1.0";

    /// <summary>Texts by path, in the order of the paths.</summary>
    public IReadOnlyDictionary<string, string> Files { get; }

    /// <summary>The defaults, to change and render with; a copy.</summary>
    internal JsonObject Values => (JsonObject)values.DeepClone();

    /// <summary>What a cluster would get: rendered files by path, without those that are empty under these values.</summary>
    /// <param name="changed">Values; see <see cref="Values"/>.</param>
    /// <exception cref="TemplateException">A template is wrong, or a required value is missing.</exception>
    internal IReadOnlyDictionary<string, string> Render(JsonObject changed)
    {
        var renderer = new TemplateRenderer(Files.Where(static file => IsTemplate(file.Key)).ToDictionary(static file => $"{Name}/{file.Key}", static file => file.Value, StringComparer.Ordinal));
        var data = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["Values"] = TemplateData.From(changed),
            ["Chart"] = new Dictionary<string, object?>(StringComparer.Ordinal) { ["Name"] = Name, ["Version"] = Version, ["AppVersion"] = Version },
            ["Release"] = new Dictionary<string, object?>(StringComparer.Ordinal) { ["Name"] = Name, ["Namespace"] = "default", ["Revision"] = 1L, ["Service"] = "Helm" },
            ["Template"] = new Dictionary<string, object?>(StringComparer.Ordinal) { ["BasePath"] = $"{Name}/templates" },
        };
        return Files.Keys.Where(IsTemplate)
            .Select(path => (Path: path, Text: renderer.Render($"{Name}/{path}", data)))
            .Where(static file => !string.IsNullOrWhiteSpace(file.Text))
            .ToDictionary(static file => file.Path, static file => file.Text, StringComparer.Ordinal);
    }

    private static bool IsTemplate(string path) => path.StartsWith("templates/", StringComparison.Ordinal) && path.EndsWith(".yaml", StringComparison.Ordinal);
}
