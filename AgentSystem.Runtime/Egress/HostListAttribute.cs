using System.ComponentModel.DataAnnotations;

namespace AgentSystem.Runtime.Egress;

/// <summary>A comma list of <c>host:port</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class HostListAttribute : ValidationAttribute
{
    public override bool IsValid(object? value) => value is string list && AllowedHosts.Problem(list) is null;

    public override string FormatErrorMessage(string name) => "write a comma list of host:port, such as hooks.internal:8443,127.0.0.1:9000.";
}
