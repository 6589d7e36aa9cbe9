using System.Reflection;
using AgentSystem.Contracts.Roles;
using ProtoBuf.Grpc.Configuration;

namespace AgentSystem.Runtime.Mesh.Grpc;

/// <summary>Reads services from interfaces that bear <see cref="RoleServiceAttribute"/>, so that the contracts need no package: <c>agentsystem.roles.v1.ROLE/Method</c>.</summary>
internal sealed class MeshBinder : ServiceBinder
{
    private const string Package = "agentsystem.roles.v1.";

    /// <summary>How both sides read contracts.</summary>
    public static BinderConfiguration Configuration { get; } = BinderConfiguration.Create(binder: new MeshBinder());

    /// <summary>The role of a service's full name; null when it is none of ours.</summary>
    public static string? Role(string service) => service.StartsWith(Package, StringComparison.Ordinal) ? service[Package.Length..] : null;

    /// <summary>The methods of a service that may be called twice.</summary>
    public static IReadOnlySet<string> Idempotent(Type service) =>
        service.GetMethods().Where(static method => method.IsDefined(typeof(IdempotentAttribute))).Select(NameOf).ToHashSet(StringComparer.Ordinal);

    public override bool IsServiceContract(Type contractType, out string? name)
    {
        name = contractType.IsInterface && contractType.GetCustomAttribute<RoleServiceAttribute>() is { } service ? Package + service.Role : null;
        return name is not null;
    }

    public override bool IsOperationContract(MethodInfo method, out string? name)
    {
        name = method.DeclaringType?.IsDefined(typeof(RoleServiceAttribute)) == true ? NameOf(method) : null;
        return name is not null;
    }

    private static string NameOf(MethodInfo method) => method.Name.EndsWith("Async", StringComparison.Ordinal) ? method.Name[..^"Async".Length] : method.Name;
}
