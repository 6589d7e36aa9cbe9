using k8s.Models;

namespace AgentSystem.Control.Deployment.Kubernetes.Rules;

/// <summary>The network lets through what the model says and nothing else.</summary>
internal static class NetworkRules
{
    /// <param name="services">The model.</param>
    public static IReadOnlyList<ChartRule> Of(IReadOnlyList<SystemService> services) =>
    [
        new("denied-by-default", static set => set.Of<V1NetworkPolicy>().Any(static each => IsDeny(each.Body.Spec)) ? [] : [("templates/network", "no policy closes what no other one opens.")]),
        new("network-equals-model", set => Compare(set, services)),
    ];

    private static IEnumerable<(string Path, string Message)> Compare(RenderedSet set, IReadOnlyList<SystemService> services)
    {
        var policies = set.Of<V1NetworkPolicy>().Where(static each => Component(each.Body.Spec.PodSelector) is not null)
            .ToLookup(static each => Component(each.Body.Spec.PodSelector)!, StringComparer.Ordinal);
        var modelled = services.SelectMany(static service => service.References.Select(reference => (From: service.Name, To: reference.Service, reference.Port))).ToHashSet();
        var opened = (from service in services from each in policies[service.Name] from rule in each.Body.Spec.Egress ?? []
                      from peer in rule.To ?? [] let to = Component(peer.PodSelector) where to is not null
                      from port in rule.Ports ?? [] select (From: service.Name, To: to, Port: NameOf(services, to, port))).ToHashSet();
        var accepted = (from service in services from each in policies[service.Name] from rule in each.Body.Spec.Ingress ?? []
                        from peer in rule.FromProperty ?? [] let caller = Component(peer.PodSelector) where caller is not null
                        from port in rule.Ports ?? [] select (From: caller, To: service.Name, Port: NameOf(services, service.Name, port))).ToHashSet();
        return
        [
            .. modelled.Except(opened).Select(static edge => ($"templates/{edge.From}/network.yaml", $"{edge.From} calls {edge.To} on {edge.Port} and may not open it.")),
            .. modelled.Except(accepted).Select(static edge => ($"templates/{edge.To}/network.yaml", $"{edge.From} calls {edge.To} on {edge.Port}, which does not accept it.")),
            .. opened.Except(modelled).Select(static edge => ($"templates/{edge.From}/network.yaml", $"{edge.From} may open {edge.To} on {edge.Port} and the model knows of no call.")),
            .. accepted.Except(modelled).Select(static edge => ($"templates/{edge.To}/network.yaml", $"{edge.To} accepts {edge.From} on {edge.Port} and the model knows of no call.")),
            .. services.Where(service => !policies.Contains(service.Name)).Select(static service => ($"templates/{service.Name}/network.yaml", $"{service.Name} has no policy of its own.")),
            .. services.Where(service => !service.IsPublic && policies[service.Name].Any(static each => each.Body.Spec.Ingress?.Any(static rule => rule.FromProperty is not { Count: > 0 }) is true))
                .Select(static service => ($"templates/{service.Name}/network.yaml", $"{service.Name} accepts everybody and is not public.")),
            .. services.Where(service => !service.CallsOut && policies[service.Name].Any(static each => each.Body.Spec.Egress?.Any(static rule => rule.To is not { Count: > 0 } to || to.Any(static peer => peer.IpBlock is not null)) is true))
                .Select(static service => ($"templates/{service.Name}/network.yaml", $"{service.Name} may call out and the model knows of no reason.")),
        ];
    }

    private static bool IsDeny(V1NetworkPolicySpec spec) => spec is { Ingress: null or { Count: 0 }, Egress: null or { Count: 0 } }
        && Component(spec.PodSelector) is null && spec.PolicyTypes?.Contains("Ingress") is true && spec.PolicyTypes.Contains("Egress");

    private static string? Component(V1LabelSelector? selector) => selector?.MatchLabels is { } labels && labels.TryGetValue(ReleaseLabels.Component, out var name) ? name : null;

    /// <summary>A rule may name a port by name or by number.</summary>
    private static string NameOf(IReadOnlyList<SystemService> services, string to, V1NetworkPolicyPort port) =>
        services.FirstOrDefault(service => service.Name == to)?.Ports.FirstOrDefault(own => own.Name == port.Port.Value || own.Number.ToString() == port.Port.Value)?.Name ?? port.Port.Value;
}
