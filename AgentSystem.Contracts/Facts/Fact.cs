using System.Text.Json.Serialization;
using AgentSystem.Contracts.Usage;

namespace AgentSystem.Contracts.Facts;

/// <summary>Something that happened. Facts are appended, never changed; the control plane reads them.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(RequestServed), "request_served")]
public abstract record Fact(string Tenant, DateTimeOffset At);

/// <summary>A request was answered, refused or abandoned.</summary>
public sealed record RequestServed(string Tenant, DateTimeOffset At, RequestUsage Usage) : Fact(Tenant, At);
