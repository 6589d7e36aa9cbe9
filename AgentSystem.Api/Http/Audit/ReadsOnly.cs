namespace AgentSystem.Api.Http.Audit;

/// <summary>An endpoint that changes nothing although it is asked with POST: a search. Its entry may be written later, and it is answered without one.</summary>
internal sealed record ReadsOnly
{
    public static ReadsOnly Mark { get; } = new();
}

/// <summary>How an endpoint says it.</summary>
internal static class ReadsOnlyExtensions
{
    /// <inheritdoc cref="ReadsOnly"/>
    public static RouteHandlerBuilder ThatOnlyReads(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(ReadsOnly.Mark);
}
