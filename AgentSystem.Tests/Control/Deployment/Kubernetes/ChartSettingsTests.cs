using System.Text.Json.Nodes;
using AgentSystem.Api;
using AgentSystem.Control.Deployment;
using AgentSystem.Control.Deployment.Kubernetes.Chart;
using AgentSystem.Control.Deployment.Kubernetes.Rules;
using AgentSystem.Web;
using AgentSystem.Workers;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Configuration;

namespace AgentSystem.Tests.Control.Deployment.Kubernetes;

/// <summary>What the chart tells a host is what the host can read: its own checks of a start say so.</summary>
public class ChartSettingsTests
{
    private const string Secret = "a-secret-for-tests-0123456789-0123456789";

    private static readonly HelmChart Chart = SystemChart.Make();

    public static TheoryData<string> Hosts => [.. SystemModel.Services.Where(static service => service.IsHost).Select(static service => service.Name)];

    [Theory]
    [MemberData(nameof(Hosts))]
    public void Settings_OfEachHost_AreAcceptedByIt(string host)
    {
        var settings = Settings(host);

        Assert.Empty(SystemModel.Find(host).Kind switch
        {
            ServiceKind.Gateway => ApiHost.CheckSettings(settings),
            ServiceKind.Console => WebHost.CheckSettings(settings),
            _ => WorkersHost.CheckSettings(settings),
        });
    }

    [Fact]
    public void Settings_SpoiltOne_IsNotAccepted()
    {
        var settings = Settings("workers-reasoning");
        settings["Roles"] = "flying";

        Assert.NotEmpty(WorkersHost.CheckSettings(settings));
    }

    private static IConfigurationRoot Settings(string host)
    {
        var values = ChartValidator.Choices(Chart.Values).First().Values;
        values["secrets"]!["platform"] = new JsonObject { ["root_key"] = Secret, ["admin_key"] = Secret };
        foreach (var store in new[] { "postgres", "redis" })
        {
            values["secrets"]![store]!["password"] = "it's; a \"password\"";
        }

        var rendered = Chart.Render(values);
        var given = Load<V1ConfigMap>(rendered[$"templates/{host}/config.yaml"]).Data
            .Concat(Load<V1Secret>(rendered[$"templates/{host}/secrets.yaml"]).StringData ?? new Dictionary<string, string>())
            .ToDictionary(static pair => pair.Key.Replace("__", ":", StringComparison.Ordinal), static pair => (string?)pair.Value);
        // The files are a pod's: here any file that is there stands for them.
        foreach (var file in given.Keys.Where(static key => key.StartsWith("Roles:Tls:", StringComparison.Ordinal)).ToList())
        {
            given[file] = typeof(ChartSettingsTests).Assembly.Location;
        }

        return new ConfigurationBuilder().AddInMemoryCollection(given).Build();
    }

    private static T Load<T>(string text) => (T)KubernetesYaml.LoadAllFromString(text, null, strict: true)[0];
}
