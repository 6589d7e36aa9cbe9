using System.Globalization;
using Grpc.Core;

namespace AgentSystem.Runtime.Mesh.Grpc;

/// <summary>What goes beside a call: on whose behalf it is, and back how loaded the process is and why a call was not carried out. Values are escaped, because names of users are in any script.</summary>
internal static class MeshHeaders
{
    /// <summary>In answers: calls the process has in hand, as a share of its capacity, times what one process counts as full.</summary>
    public const string Load = "agentsystem-load";

    /// <summary>In trailers: which <c>RoleFailure</c> it is.</summary>
    public const string Failure = "agentsystem-failure";

    private const string Tenant = "agentsystem-tenant";
    private const string Key = "agentsystem-key";
    private const string User = "agentsystem-user";
    private const string Scopes = "agentsystem-scopes";

    /// <summary>Adds the scope of the caller; without one, only the tenant of the request.</summary>
    public static Metadata Write(MeshScope? scope, string? tenant)
    {
        var headers = new Metadata();
        if ((scope?.Tenant ?? tenant) is { Length: > 0 } whose)
        {
            headers.Add(Tenant, Uri.EscapeDataString(whose));
        }

        if (scope is not null)
        {
            headers.Add(Key, Uri.EscapeDataString(scope.KeyId));
            headers.Add(User, Uri.EscapeDataString(scope.User));
            headers.Add(Scopes, Uri.EscapeDataString(string.Join(' ', scope.Scopes)));
        }

        return headers;
    }

    /// <summary>The scope a call came with.</summary>
    public static MeshScope Read(Metadata headers, DateTime deadline) => new(
        Text(headers, Tenant), Text(headers, Key), Text(headers, User),
        Text(headers, Scopes).Split(' ', StringSplitOptions.RemoveEmptyEntries),
        deadline == DateTime.MaxValue ? null : new DateTimeOffset(deadline.ToUniversalTime()));

    /// <summary>The load an answer told; null: none.</summary>
    public static double? ReadLoad(Metadata headers) =>
        double.TryParse(headers.GetValue(Load), NumberStyles.Float, CultureInfo.InvariantCulture, out var load) && load >= 0 ? load : null;

    private static string Text(Metadata headers, string name) => headers.GetValue(name) is { } value ? Uri.UnescapeDataString(value) : "";
}
