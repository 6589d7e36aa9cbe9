namespace AgentSystem.Control.Deployment;

/// <summary>One part of the system as a cluster runs it.</summary>
/// <param name="Name">Resource name: what its objects' names begin with, and the value of the <c>component</c> label.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Size">What one replica gets.</param>
/// <param name="Scale">How many replicas.</param>
/// <param name="Ports">What it listens on.</param>
/// <param name="References">Whom it calls.</param>
public sealed record SystemService(
    string Name, ServiceKind Kind, ServiceSize Size, ServiceScale Scale, IReadOnlyList<ServicePort> Ports, IReadOnlyList<ServiceReference> References)
{
    /// <summary>The role a Workers process serves; null for everything else.</summary>
    public string? Role { get; init; }

    /// <summary>Which image it runs; several services share one.</summary>
    public string Image { get; init; } = Name;

    /// <summary>Whether clients outside the system reach its http port.</summary>
    public bool IsPublic { get; init; }

    /// <summary>Whether it calls models, tools or webhooks on the internet (https, and no private address).</summary>
    public bool CallsOut { get; init; }

    /// <summary>How long it may take to end once it is told to. Zero: it has nothing to finish.</summary>
    public TimeSpan Drain { get; init; }

    /// <summary>The name in values files, where a hyphen would need quoting.</summary>
    public string Key => Name.Replace('-', '_');

    /// <summary>True for processes of ours that answer the three health questions.</summary>
    public bool IsHost => Kind is ServiceKind.Gateway or ServiceKind.Console or ServiceKind.Role;

    /// <summary>True where calls come in over gRPC.</summary>
    public bool ServesGrpc => Ports.Contains(ServicePort.Grpc);
}
