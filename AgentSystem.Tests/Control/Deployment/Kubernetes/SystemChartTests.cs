using System.Text.Json.Nodes;
using AgentSystem.Control.Deployment;
using AgentSystem.Control.Deployment.Kubernetes.Chart;
using AgentSystem.Control.Deployment.Kubernetes.Rules;
using AgentSystem.Control.Deployment.Kubernetes.Templates;
using AgentSystem.Tests.Contracts;
using CsCheck;
using k8s;
using k8s.Models;

namespace AgentSystem.Tests.Control.Deployment.Kubernetes;

public class SystemChartTests
{
    private static readonly HelmChart Chart = SystemChart.Make();

    /// <summary>Texts that YAML or Helm would read as something else.</summary>
    private static readonly string[] Misread = ["5", "true", "null", "1e3", "~", "- a", "a: b", "{{ .x }}", "#", " "];

    public static TheoryData<string> Folders => [.. Chart.Files.Keys.Select(Folder).Distinct()];

    [Fact]
    public void Chart_UnderEveryChoiceOfItsValues_BreaksNoRule() => Assert.Empty(ChartValidator.Check(Chart));

    [Theory]
    [MemberData(nameof(Folders))]
    public void Chart_EachFolder_LooksAsItWasAccepted(string folder) => Snapshot.Matches(
        $"chart.{folder}.yaml", string.Join("\n", Chart.Files.Where(file => Folder(file.Key) == folder).Select(static file => $"# {file.Key}\n{file.Value}")));

    [Fact]
    public void Snapshots_EachOfThem_BelongsToAFolder() =>
        Assert.Empty(Directory.EnumerateFiles(Snapshot.Folder, "chart.*.yaml").Select(Path.GetFileName).Except(Folders.Select(static row => $"chart.{row.Data}.yaml")));

    [Fact]
    public void Make_Twice_GivesTheSameBytes() => Assert.Equal(Chart.Files, SystemChart.Make().Files);

    [Fact]
    public void Chart_EveryHost_HasTheFilesOfAProductionWorkload() => Assert.All(SystemModel.Services.Where(static service => service.IsHost), static service =>
    {
        string[] files = ["account", "config", "deployment", "network", "pdb", "secrets", "service"];
        Assert.All(files, file => Assert.Contains($"templates/{service.Name}/{file}.yaml", Chart.Files.Keys));
        Assert.Equal(service.Scale.IsElastic, Chart.Files.ContainsKey($"templates/{service.Name}/hpa.yaml"));
        Assert.Equal(service.ServesGrpc, Chart.Files.ContainsKey($"templates/{service.Name}/grpc.yaml"));
    });

    [Fact]
    public void Chart_Probes_HaveTheDocumentsNumbers()
    {
        var container = new ChartObjects().Container("api");

        Assert.Equal(("/health", 30, 10), (container.LivenessProbe.HttpGet.Path, container.LivenessProbe.InitialDelaySeconds, container.LivenessProbe.PeriodSeconds));
        Assert.Equal(("/ready", 5, 5), (container.ReadinessProbe.HttpGet.Path, container.ReadinessProbe.InitialDelaySeconds, container.ReadinessProbe.PeriodSeconds));
    }

    [Fact]
    public void Schema_OfTheValues_IsClosedWhereTheChartReadsAndOpenWhereItPassesOn()
    {
        var schema = JsonNode.Parse(Chart.Files["values.schema.json"])!;
        var parameters = schema["properties"]!["parameters"]!["properties"]!;

        Assert.Equal(["statefulset", "cloudnativepg", "external"], parameters["postgres"]!["properties"]!["engine"]!["enum"]!.AsArray().Select(static word => word!.GetValue<string>()));
        Assert.False(parameters["api"]!["additionalProperties"]!.GetValue<bool>());
        Assert.Null(parameters["api"]!["properties"]!["resources"]!["additionalProperties"]);
        Assert.Equal("integer", parameters["api"]!["properties"]!["min_replicas"]!["type"]!.GetValue<string>());
        Assert.IsType<JsonObject>(schema["properties"]!["config"]!["properties"]!["api"]!["additionalProperties"]);
    }

    [Fact]
    public void Render_WithoutSecrets_NamesWhatIsMissingAndHowToGiveIt()
    {
        var refusal = Assert.Throws<TemplateException>(static () => Chart.Render(Chart.Values));

        Assert.Contains("secrets.platform.", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("at least 32 characters", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("statefulset", "Host=postgres-service;Port=5432;Database=agentsystem;Username=agentsystem;Password='it''s'")]
    [InlineData("cloudnativepg", "Host=postgres-rw;Port=5432;Database=agentsystem;Username=agentsystem;Password='it''s'")]
    [InlineData("external", "Host=elsewhere")]
    public void Render_EngineOfPostgres_DecidesTheConnectionString(string engine, string expected)
    {
        var values = Given();
        values["parameters"]!["postgres"]!["engine"] = engine;
        values["secrets"]!["postgres"]!["connection_string"] = "Host=elsewhere";
        values["secrets"]!["postgres"]!["password"] = "it's";

        Assert.Equal(expected, Load<V1Secret>(values, "templates/workers-memory/secrets.yaml").StringData["ConnectionStrings__postgres"]);
    }

    [Fact]
    public void Render_ChangedSecret_ChangesTheChecksumOfItsReadersAlone()
    {
        var changed = Given();
        changed["secrets"]!["platform"]!["admin_key"] = "another";
        var (before, after) = (Chart.Render(Given()), Chart.Render(changed));

        Assert.NotEqual(before["templates/api/deployment.yaml"], after["templates/api/deployment.yaml"]);
        Assert.Equal(before["templates/web/deployment.yaml"], after["templates/web/deployment.yaml"]);
        Assert.Equal(before["templates/workers-memory/deployment.yaml"], after["templates/workers-memory/deployment.yaml"]);
    }

    [Fact]
    public void Render_AnyTextAsASetting_ArrivesAsItIs() => Gen.Select(Gen.String, Gen.Int[0, Misread.Length - 1].Select(static at => Misread[at])).Sample(
        static (text, word) =>
        {
            var values = Given();
            // A lone half of a surrogate pair is no text, neither in JSON nor in YAML.
            var sound = string.Concat(text.EnumerateRunes().Where(static rune => rune.Value is >= 0x20 and not (0x7f or 0xfffd or 0x85 or 0x2028 or 0x2029)));
            values["config"]!["web"]!["Free"] = sound + word;
            values["secrets"]!["web"] = new JsonObject { ["Oidc__ClientSecret"] = word + sound };

            Assert.Equal(sound + word, Load<V1ConfigMap>(values, "templates/web/config.yaml").Data["Free"]);
            Assert.Equal(word + sound, Load<V1Secret>(values, "templates/web/secrets.yaml").StringData["Oidc__ClientSecret"]);
        },
        iter: 20, threads: 1);

    private static JsonObject Given() => ChartValidator.Choices(Chart.Values).First().Values;

    private static T Load<T>(JsonObject values, string path) => (T)KubernetesYaml.LoadAllFromString(Chart.Render(values)[path], null, strict: true)[0];

    /// <summary>A folder of templates is one snapshot; the two files at the root have their own.</summary>
    private static string Folder(string path) => path.Split('/') is ["templates", var resource, _] ? resource : Path.GetFileNameWithoutExtension(path);
}
