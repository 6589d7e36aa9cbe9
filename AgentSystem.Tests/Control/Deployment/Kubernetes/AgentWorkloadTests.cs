using System.Text.RegularExpressions;
using AgentSystem.Contracts.Agents;
using AgentSystem.Control.Deployment.Kubernetes;
using AgentSystem.Control.Deployment.Kubernetes.Rules;
using CsCheck;
using k8s;
using k8s.Models;

namespace AgentSystem.Tests.Control.Deployment.Kubernetes;

public partial class AgentWorkloadTests
{
    private const string Image = "agentsystem-workers:1";

    private static readonly ReleaseLabels Labels = new("agentsystem", "live");

    private static readonly Gen<string> Name = Gen.Char["abc019._-"].Array[1, 62].Select(static letters => "a" + new string(letters));

    private static readonly Gen<string> Tenant = Gen.Int[0, 2].Select(static at => new[] { "default", "acme", "default-2" }[at]);

    [Fact]
    public void Deployment_OfAnAgent_IsTheDocuments()
    {
        var made = Make(Agent("writer") with { Type = "author", Specialization = "long texts", Model = "large", Scaling = new AgentScaling(3, 3, 3) });

        Assert.Equal("writer-agent", made.Metadata.Name);
        Assert.Equal("writer-container", made.Spec.Template.Spec.Containers[0].Name);
        Assert.Equal(("agentic-system", "author", "long-texts"), (made.Metadata.Labels["app"], made.Metadata.Labels["agent-type"], made.Metadata.Labels["specialization"]));
        var variables = made.Spec.Template.Spec.Containers[0].Env.ToDictionary(static variable => variable.Name, static variable => variable.Value);
        Assert.Equal(("author", "large", "distributed", "true"), (variables["AGENT_TYPE"], variables["MODEL_CONFIG"], variables["MEMORY_BACKEND"], variables["MONITORING_ENABLED"]));
        Assert.Equal(3, made.Spec.Replicas);
        Assert.Equal(Image, made.Spec.Template.Spec.Containers[0].Image);
    }

    [Fact]
    public void Deployment_TwoAgentsOfOneType_DoNotSharePods()
    {
        var (one, other) = (Make(Agent("one")), Make(Agent("other")));

        Assert.Contains(one.Spec.Selector.MatchLabels, pair => other.Spec.Template.Metadata.Labels[pair.Key] != pair.Value);
    }

    [Fact]
    public void Deployment_WithTheOtherParts_BreaksNoRuleBesideTheChart()
    {
        var chart = new ChartObjects();
        // As the chart's objects are here: labels are still expressions.
        var agent = Agent("writer") with { Resources = new AgentResources(GpuRequest: "1") };
        IKubernetesObject<V1ObjectMeta>[] parts =
        [
            AgentWorkload.Deployment(agent, Image, isNew: false, ReleaseLabels.OfChart), AgentWorkload.Autoscaler(agent, ReleaseLabels.OfChart)!,
            AgentWorkload.Disruption(agent, ReleaseLabels.OfChart), AgentWorkload.Account(agent, ReleaseLabels.OfChart),
        ];
        chart.All.AddRange(parts.Select(static part => new RenderedObject("agent", part)));

        // A change of the role's settings reaches agents when the fleet applies them again, with its own sums.
        Assert.All(chart.Findings(), static finding => Assert.Equal("restart-on-change", finding.Rule));
    }

    [Fact]
    public void Deployment_Replicas_AreTheAutoscalersOnceItIsThere()
    {
        var agent = Agent("writer") with { Scaling = new AgentScaling(0, 5, 2) };

        Assert.Equal(2, Make(agent, isNew: true).Spec.Replicas);
        Assert.Null(Make(agent).Spec.Replicas);
        Assert.Equal((1, 5), (AgentWorkload.Autoscaler(agent, Labels)!.Spec.MinReplicas, AgentWorkload.Autoscaler(agent, Labels)!.Spec.MaxReplicas));
        Assert.Null(AgentWorkload.Autoscaler(agent with { Scaling = new AgentScaling(2, 2, 2) }, Labels));
    }

    [Theory]
    [InlineData("1", null, "1")]
    [InlineData(null, "2", "2")]
    [InlineData("0", null, null)]
    [InlineData(null, null, null)]
    public void Deployment_GraphicsProcessors_AreALimitWithAToleration(string? request, string? limit, string? expected)
    {
        var pod = Make(Agent("writer") with { Resources = new AgentResources(GpuRequest: request, GpuLimit: limit) }).Spec.Template.Spec;

        Assert.Equal(expected, pod.Containers[0].Resources.Limits.TryGetValue("nvidia.com/gpu", out var gpus) ? gpus.ToString() : null);
        Assert.Equal(expected is not null, pod.Tolerations is { Count: 1 });
    }

    [Fact]
    public void Resources_AnyOfThemLeftOut_AreNeverAskedForBeyondTheirLimit() =>
        // 0 stands for one that is left out.
        Gen.Select(Gen.Int[0, 64], Gen.Int[0, 64], Gen.Int[0, 64], Gen.Int[0, 64])
            .Where(static (cpu, cpuLimit, memory, memoryLimit) => (cpuLimit == 0 || cpu <= cpuLimit) && (memoryLimit == 0 || memory <= memoryLimit))
            .Sample(static (cpu, cpuLimit, memory, memoryLimit) =>
            {
                var asked = new AgentResources(Quantity(cpu, ""), Quantity(cpuLimit, ""), Quantity(memory, "Gi"), Quantity(memoryLimit, "Gi"));
                var resources = Make(Agent("a") with { Resources = asked }).Spec.Template.Spec.Containers[0].Resources;
                Assert.All(resources.Requests, pair => Assert.True(pair.Value.ToDecimal() <= resources.Limits[pair.Key].ToDecimal(), pair.Key));
                Assert.True(cpu == 0 || resources.Requests["cpu"].ToDecimal() == cpu);
                Assert.True(memoryLimit == 0 || resources.Limits["memory"].ToString() == asked.MemoryLimit);
            });

    [Fact]
    public void Names_OfAnyAgents_AreLabelsAndDifferent() =>
        Gen.Select(Tenant, Name, Tenant, Name).Sample(static (tenant, name, otherTenant, other) =>
        {
            var (one, two) = (AgentNames.Deployment(Agent(name) with { Tenant = tenant }), AgentNames.Deployment(Agent(other) with { Tenant = otherTenant }));
            Assert.Matches(DnsLabel(), one);
            Assert.Matches(DnsLabel(), AgentNames.Container(Agent(name) with { Tenant = tenant }));
            Assert.True(one != two || (tenant == otherTenant && name == other), $"{tenant}/{name} and {otherTenant}/{other} are both {one}");
        });

    [Fact]
    public void Names_ChosenToLookLikeAnothersHash_GetAHashToo()
    {
        var victim = AgentNames.Deployment(Agent("writer") with { Tenant = "acme" });

        Assert.NotEqual(victim, AgentNames.Deployment(Agent(victim[..^"-agent".Length])));
    }

    [Theory]
    [InlineData("long texts, in German!", "long-texts-in-German")]
    [InlineData("---", "")]
    [InlineData("ok_1.x", "ok_1.x")]
    public void Label_AnyText_IsALabelsValue(string text, string expected) => Assert.Equal(expected, AgentNames.Label(text));

    private static string? Quantity(int number, string unit) => number == 0 ? null : $"{number}{unit}";

    private static V1Deployment Make(AgentDefinition agent, bool isNew = false) => AgentWorkload.Deployment(agent, Image, isNew, Labels);

    private static AgentDefinition Agent(string name) => new("default", name, 1, "assistant", "general", "", "small", "Help.", [], new AgentLimits(), default);

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")]
    private static partial Regex DnsLabel();
}
