using AgentSystem.Control.Deployment.Kubernetes.Chart;
using AgentSystem.Control.Deployment.Kubernetes.Rules;
using k8s.Models;

namespace AgentSystem.Tests.Control.Deployment.Kubernetes;

/// <summary>Every rule has an example that breaks it: a rule that cannot fail guards nothing.</summary>
public class ChartRuleTests
{
    private static readonly (string Rule, string Case, Action<ChartObjects> Spoil)[] Examples =
    [
        ("probe-scheme", "small letters, as the publisher writes them", static chart => chart.Container("api").LivenessProbe.HttpGet.Scheme = "http"),
        ("probe-scheme", "a port nobody has", static chart => chart.Container("api").ReadinessProbe.HttpGet.Port = "https"),
        ("probes-present", "none", static chart => chart.Container("workers-tools").ReadinessProbe = null),
        ("one-handler", "two in a hook", static chart => chart.Container("api").Lifecycle.PreStop.Exec = new V1ExecAction()),
        ("one-handler", "two in a probe", static chart => chart.Container("api").LivenessProbe.TcpSocket = new V1TCPSocketAction { Port = 8080 }),
        ("limits-present", "no limit of memory", static chart => chart.Container("web").Resources.Limits.Remove("memory")),
        ("limits-present", "nothing", static chart => chart.Container("web").Resources = null),
        ("gpu-is-a-limit", "more asked than allowed", static chart => chart.Container("workers-inference").Resources.Requests["nvidia.com/gpu"] = new ResourceQuantity("2")),
        ("no-token", "a pod", static chart => chart.Pod("api").AutomountServiceAccountToken = null),
        ("no-token", "an account", static chart => chart.Get<V1ServiceAccount>("web-account").AutomountServiceAccountToken = true),
        ("no-token", "variables of Services", static chart => chart.Pod("api").EnableServiceLinks = null),
        ("restricted", "root", static chart => chart.Pod("api").SecurityContext.RunAsNonRoot = null),
        ("restricted", "a file system to write to", static chart => chart.Container("api").SecurityContext.ReadOnlyRootFilesystem = false),
        ("restricted", "a capability", static chart => chart.Container("api").SecurityContext.Capabilities.Add = ["NET_ADMIN"]),
        ("restricted", "a folder of the node", static chart => chart.Pod("api").Volumes.Add(new V1Volume { Name = "node", HostPath = new V1HostPathVolumeSource { Path = "/" } })),
        ("time-to-end", "killed in its pause", static chart => chart.Pod("api").TerminationGracePeriodSeconds = 1),
        ("restart-on-change", "no checksum of secrets", static chart => chart.Get<V1Deployment>("api-deployment").Spec.Template.Metadata.Annotations.Remove("checksum/secrets")),
        ("rollout-keeps-serving", "one may be missing", static chart => chart.Get<V1Deployment>("api-deployment").Spec.Strategy.RollingUpdate.MaxUnavailable = 1),
        ("autoscaler-owns-replicas", "both", static chart => chart.Get<V1Deployment>("api-deployment").Spec.Replicas = 3),
        ("autoscaler-owns-replicas", "neither", static chart => chart.Get<V1Deployment>("web-deployment").Spec.Replicas = null),
        ("autoscaler-bounds", "upside down", static chart => chart.Get<V2HorizontalPodAutoscaler>("api-hpa").Spec.MaxReplicas = 1),
        ("one-metric-source", "two", static chart => chart.Get<V2HorizontalPodAutoscaler>("api-hpa").Spec.Metrics[0].Pods = new V2PodsMetricSource()),
        ("one-metric-source", "another type's", static chart => chart.Get<V2HorizontalPodAutoscaler>("api-hpa").Spec.Metrics[0].Type = "Pods"),
        ("budget-leaves-room", "nothing may go", static chart => chart.Get<V1PodDisruptionBudget>("api-pdb").Spec.MaxUnavailable = 0),
        ("budget-leaves-room", "all must stay", static chart => (chart.Get<V1PodDisruptionBudget>("web-pdb").Spec.MaxUnavailable, chart.Get<V1PodDisruptionBudget>("web-pdb").Spec.MinAvailable) = (null!, 1)),
        ("selector-matches-labels", "of a Deployment", static chart => chart.Get<V1Deployment>("api-deployment").Spec.Selector.MatchLabels["extra"] = "x"),
        ("selector-matches-labels", "of a Service", static chart => chart.Get<V1Service>("api-service").Spec.Selector["app.kubernetes.io/component"] = "none"),
        ("selectors-are-apart", "the service's name left out", static chart => chart.Get<V1Deployment>("api-deployment").Spec.Selector.MatchLabels.Remove("app.kubernetes.io/component")),
        ("data-survives", "no claim", static chart => chart.Get<V1StatefulSet>("postgres-statefulset").Spec.VolumeClaimTemplates = null),
        ("references-exist", "an account that is gone", static chart => chart.Remove("templates/api/account.yaml")),
        ("references-exist", "settings that are gone", static chart => chart.Remove("templates/api/config.yaml")),
        ("references-exist", "an autoscaler of nothing", static chart => chart.Remove("templates/workers-tools/deployment.yaml")),
        ("references-exist", "a certificate that nobody makes", static chart => chart.Remove("templates/api/tls.yaml")),
        ("references-exist", "a StatefulSet without its Service", static chart => chart.Get<V1StatefulSet>("postgres-statefulset").Spec.ServiceName = null),
        ("references-exist", "a key that the Secret lacks", static chart => chart.Get<V1Secret>("postgres-secrets").StringData.Remove("password")),
        ("unique-names", "the same twice", static chart => chart.All.Add(chart.All[0])),
        ("own-namespace", "another one", static chart => chart.Get<V1ConfigMap>("api-config").Metadata.NamespaceProperty = "default"),
        ("denied-by-default", "left out", static chart => chart.Remove("templates/network/default-deny.yaml")),
        ("network-equals-model", "a call that may not be opened", static chart => chart.Network("web").Egress.Clear()),
        ("network-equals-model", "a call that is not accepted", static chart => chart.Network("postgres").Ingress.Clear()),
        ("network-equals-model", "more than the model knows", static chart => chart.Network("web").Egress.Add(chart.Network("api").Egress[1])),
        ("network-equals-model", "everybody", static chart => chart.Network("postgres").Ingress[0].FromProperty = null),
        ("network-equals-model", "the internet without a reason", static chart => chart.Network("workers-control").Egress.Add(chart.Network("api").Egress[^1])),
        ("network-equals-model", "no policy", static chart => chart.Remove("templates/redis/network.yaml")),
    ];

    public static TheoryData<int, string> Cases => [.. Examples.Select(static (example, at) => (at, $"{example.Rule}: {example.Case}"))];

    [Fact]
    public void Objects_AsTheyAre_BreakNoRule() => Assert.Empty(new ChartObjects().Findings());

    [Theory]
    [MemberData(nameof(Cases))]
    public void Check_SpoiltObject_BreaksTheRule(int example, string title)
    {
        var chart = new ChartObjects();
        Examples[example].Spoil(chart);

        var findings = chart.Findings();

        Assert.True(findings.Any(finding => finding.Rule == Examples[example].Rule), $"{title} was not found; found: {string.Join(" ", findings)}");
    }

    [Fact]
    public void Rules_EachOfThem_HasAnExample() => Assert.Equal(ChartValidator.Rules.Select(static rule => rule.Name).Order(), Examples.Select(static example => example.Rule).Distinct().Order());

    [Theory]
    [InlineData("strict-load", "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: x\nspec:\n  replica: 1\n")]
    [InlineData("strict-load", "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: x\nspec:\n  replicas: many\n")]
    [InlineData("strict-load", "apiVersion: nowhere/v1\nkind: Thing\nmetadata:\n  name: x\n")]
    [InlineData("strict-load", "apiVersion: cert-manager.io/v1\nkind: Issuer\nmetadata:\n  name: x\nspec:\n  selfsigned: {}\n")]
    [InlineData("unique-files", "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: x\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n")]
    public void Load_WrongFile_IsFound(string rule, string text) =>
        Assert.Equal([rule], ObjectLoader.Load([KeyValuePair.Create("templates/x/y.yaml", text)]).Findings.Select(static finding => finding.Rule));

    [Theory]
    [InlineData("secrets.platform.root_key", "hunter2")]
    [InlineData("config.api.Models__mine__ApiKey", "sk-1")]
    [InlineData("parameters.postgres.password", "p")]
    public void Check_SecretInValues_IsFound(string key, string value)
    {
        var values = new ChartValues();
        values.Default(key, value);

        Assert.Equal(["no-secret-in-values"], ValueRules.Check(values.Root).Select(static finding => finding.Rule));
    }
}
