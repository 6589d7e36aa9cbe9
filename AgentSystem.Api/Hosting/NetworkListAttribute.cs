using System.ComponentModel.DataAnnotations;

namespace AgentSystem.Api.Hosting;

/// <summary>A comma list of addresses and networks, none of which is everybody.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NetworkListAttribute : ValidationAttribute
{
    public override bool IsValid(object? value) => value is string list && NetworkList.Read(list) is not null;

    public override string FormatErrorMessage(string name) => "write a comma list of addresses and networks, such as 10.0.0.0/8,192.0.2.7; a network of everybody (/0) would let anyone forge an address.";
}
