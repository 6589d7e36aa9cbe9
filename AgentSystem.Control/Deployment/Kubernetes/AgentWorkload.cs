using AgentSystem.Contracts.Agents;
using AgentSystem.Contracts.Roles;
using k8s.Models;

namespace AgentSystem.Control.Deployment.Kubernetes;

/// <summary>
/// The deployment of one agent, made from its configuration (document: create_agent_deployment) of the same production parts as every other workload. Its pods serve the reasoning role, with that
/// role's settings, secrets and certificate, and may call what it may call. Who applies it comes with the fleet.
/// </summary>
public static class AgentWorkload
{
    private const string App = "app", System = "agentic-system", Type = "agent-type", Specialization = "specialization", Agent = "agent", Tenant = "tenant";

    /// <summary>The Deployment.</summary>
    /// <param name="agent">Its configuration.</param>
    /// <param name="image">The platform's image, where the configuration names none.</param>
    /// <param name="isNew">Whether it is applied for the first time: then it begins with the configured number of replicas, which an autoscaler owns afterwards.</param>
    /// <param name="labels">The release it runs beside.</param>
    public static V1Deployment Deployment(AgentDefinition agent, string image, bool isNew, ReleaseLabels labels)
    {
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(labels);
        var (name, scaling) = (AgentNames.Deployment(agent), agent.Scaling ?? new AgentScaling());
        var selector = Selector(agent, name);
        var pod = Pod(agent, name, image, selector, labels);
        return new()
        {
            ApiVersion = "apps/v1",
            Kind = "Deployment",
            Metadata = new V1ObjectMeta { Name = name, Labels = Labels(agent, name, labels) },
            Spec = new V1DeploymentSpec
            {
                Replicas = isNew || !Scale(scaling).IsElastic ? scaling.InitialReplicas : null,
                RevisionHistoryLimit = WorkloadNumbers.RevisionHistory,
                Selector = selector,
                Strategy = ScaleParts.Strategy(),
                Template = new V1PodTemplateSpec { Metadata = new V1ObjectMeta { Labels = Labels(agent, name, labels) }, Spec = pod },
            },
        };
    }

    /// <summary>Its autoscaler; null where the number of replicas is fixed.</summary>
    public static V2HorizontalPodAutoscaler? Autoscaler(AgentDefinition agent, ReleaseLabels labels)
    {
        ArgumentNullException.ThrowIfNull(agent);
        var (name, scale) = (AgentNames.Deployment(agent), Scale(agent.Scaling ?? new AgentScaling()));
        return scale.IsElastic ? ScaleParts.Autoscaler(Meta(agent, ObjectNames.Autoscaler(name), name, labels), name, scale) : null;
    }

    /// <summary>Its disruption budget.</summary>
    public static V1PodDisruptionBudget Disruption(AgentDefinition agent, ReleaseLabels labels)
    {
        ArgumentNullException.ThrowIfNull(agent);
        var name = AgentNames.Deployment(agent);
        return ScaleParts.Disruption(Meta(agent, ObjectNames.Disruption(name), name, labels), Selector(agent, name));
    }

    /// <summary>Its account, without rights.</summary>
    public static V1ServiceAccount Account(AgentDefinition agent, ReleaseLabels labels)
    {
        ArgumentNullException.ThrowIfNull(agent);
        var name = AgentNames.Deployment(agent);
        return ScaleParts.Account(Meta(agent, ObjectNames.Account(name), name, labels));
    }

    private static V1PodSpec Pod(AgentDefinition agent, string name, string image, V1LabelSelector selector, ReleaseLabels labels)
    {
        var role = SystemModel.Find(SystemModel.OfRole(RoleNames.Reasoning));
        var pod = HostWorkload.Pod(role, agent.ContainerImage ?? image, labels);
        pod.ServiceAccountName = ObjectNames.Account(name);
        pod.TopologySpreadConstraints = PodParts.Apart(selector);
        pod.Tolerations = AgentResourceParts.Gpus(agent.Resources) is null ? null : PodParts.Tolerations(role.Size with { Gpus = 1 });
        var container = pod.Containers[0];
        container.Name = AgentNames.Container(agent);
        container.Resources = AgentResourceParts.Of(agent.Resources, role.Size);
        container.Env =
        [
            new V1EnvVar { Name = "AGENT_TYPE", Value = agent.Type },
            new V1EnvVar { Name = "MODEL_CONFIG", Value = agent.Model },
            new V1EnvVar { Name = "MEMORY_BACKEND", Value = "distributed" },
            new V1EnvVar { Name = "MONITORING_ENABLED", Value = "true" },
            new V1EnvVar { Name = "AGENT_NAME", Value = agent.Name },
            new V1EnvVar { Name = "AGENT_TENANT", Value = agent.Tenant },
        ];
        return pod;
    }

    private static V1ObjectMeta Meta(AgentDefinition agent, string name, string deployment, ReleaseLabels labels) => new() { Name = name, Labels = Labels(agent, deployment, labels) };

    /// <summary>The document's labels, and those of the release. The component is not the reasoning role's, whose Deployment would take the pods for its own.</summary>
    private static Dictionary<string, string> Labels(AgentDefinition agent, string name, ReleaseLabels labels) => new(labels.Of(SystemModel.Agents))
    {
        [App] = System,
        [Type] = AgentNames.Label(agent.Type),
        [Specialization] = AgentNames.Label(agent.Specialization),
        [Agent] = name,
        [Tenant] = AgentNames.Label(agent.Tenant),
    };

    /// <summary>Document: app and type; two agents of one type would share pods, so the agent's own name belongs to it (docs/decisions/0005).</summary>
    private static V1LabelSelector Selector(AgentDefinition agent, string name) =>
        new() { MatchLabels = new Dictionary<string, string> { [App] = System, [Type] = AgentNames.Label(agent.Type), [Agent] = name } };

    private static ServiceScale Scale(AgentScaling scaling) => new(scaling.MinReplicas, scaling.MaxReplicas);
}
