using k8s.Models;

namespace AgentSystem.Control.Deployment.Kubernetes;

/// <summary>Who may talk to whom: nobody, and then exactly the references of the model, at both ends.</summary>
public static class NetworkParts
{
    /// <summary>The policy that allows nothing.</summary>
    public const string DefaultDeny = "default-deny";

    private const int Dns = 53, Https = 443;
    private static readonly string[] BothWays = ["Ingress", "Egress"];

    /// <summary>Networks that are nobody's on the internet (RFC 6890), among them the cluster's own and the clouds' metadata address.</summary>
    private static readonly string[] Private = ["10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"];

    /// <summary>The same for version 6: version 4 behind a translator, unique local, link local.</summary>
    private static readonly string[] Private6 = ["64:ff9b::/96", "fc00::/7", "fe80::/10"];

    /// <summary>Every pod of the release is closed in both directions.</summary>
    public static V1NetworkPolicy Deny(ReleaseLabels labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return Policy(new V1ObjectMeta { Name = "network-" + DefaultDeny, Labels = labels.Of("network") }, labels.Everything(), [], []);
    }

    /// <summary>What one service may accept and open.</summary>
    /// <param name="service">The service.</param>
    /// <param name="all">The whole model: its callers are found in it.</param>
    /// <param name="labels">Whose pods.</param>
    public static V1NetworkPolicy Of(SystemService service, IReadOnlyList<SystemService> all, ReleaseLabels labels)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(labels);
        var callers = SystemModel.CallersOf(all, service.Name).ToLookup(static call => call.Reference.Port, static call => call.From.Name);
        var ingress = service.Ports.Where(port => callers.Contains(port.Name)).Select(port => Ingress([.. callers[port.Name].Select(caller => Pods(labels, caller))], port));
        var egress = service.References.GroupBy(static reference => reference.Service).Select(group => new V1NetworkPolicyEgressRule
        {
            To = Targets(labels, group.Key),
            Ports = [.. group.Select(reference => Tcp(Number(all, reference)))],
        });
        return Policy(
            labels.Meta(service.Name, ObjectNames.Network(service.Name)), labels.Select(service.Name),
            // An empty list is everybody: whom an operator lets in from outside stands in the values.
            [.. ingress, .. service.IsPublic ? new[] { Ingress([], ServicePort.Http) } : []],
            [.. service.References.Count > 0 || service.CallsOut ? new[] { Names() } : [], .. egress, .. service.CallsOut ? new[] { Internet() } : []]);
    }

    private static V1NetworkPolicyIngressRule Ingress(IList<V1NetworkPolicyPeer> from, ServicePort port) => new() { FromProperty = from, Ports = [Tcp(port.Name)] };

    private static V1NetworkPolicy Policy(V1ObjectMeta metadata, V1LabelSelector pods, IList<V1NetworkPolicyIngressRule> ingress, IList<V1NetworkPolicyEgressRule> egress) => new()
    {
        ApiVersion = "networking.k8s.io/v1",
        Kind = "NetworkPolicy",
        Metadata = metadata,
        Spec = new V1NetworkPolicySpec { PodSelector = pods, PolicyTypes = [.. BothWays], Ingress = ingress, Egress = egress },
    };

    /// <summary>Pods of the service. CloudNativePG's are labelled by the operator, so the database is looked for under both names.</summary>
    private static List<V1NetworkPolicyPeer> Targets(ReleaseLabels labels, string service) => service == SystemModel.Postgres
        ? [Pods(labels, service), new V1NetworkPolicyPeer { PodSelector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["cnpg.io/cluster"] = service } } }]
        : [Pods(labels, service)];

    private static V1NetworkPolicyPeer Pods(ReleaseLabels labels, string service) => new() { PodSelector = labels.Select(service) };

    /// <summary>Outgoing rules name the port's number: its name would be looked up in the target's pods, which another operator may have made.</summary>
    private static int Number(IReadOnlyList<SystemService> all, ServiceReference reference) =>
        all.Single(service => service.Name == reference.Service).Ports.Single(port => port.Name == reference.Port).Number;

    /// <summary>The cluster's name service, wherever it runs.</summary>
    private static V1NetworkPolicyEgressRule Names() => new()
    {
        To = [new V1NetworkPolicyPeer { NamespaceSelector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["kubernetes.io/metadata.name"] = "kube-system" } } }],
        Ports = [new V1NetworkPolicyPort { Protocol = "UDP", Port = Dns }, Tcp(Dns)],
    };

    /// <summary>https on the internet: below our own guard of addresses there is the network's.</summary>
    private static V1NetworkPolicyEgressRule Internet() => new()
    {
        To =
        [
            new V1NetworkPolicyPeer { IpBlock = new V1IPBlock { Cidr = "0.0.0.0/0", Except = [.. Private] } },
            new V1NetworkPolicyPeer { IpBlock = new V1IPBlock { Cidr = "::/0", Except = [.. Private6] } },
        ],
        Ports = [Tcp(Https)],
    };

    private static V1NetworkPolicyPort Tcp(IntOrString port) => new() { Protocol = "TCP", Port = port };
}
