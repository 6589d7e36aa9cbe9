namespace AgentSystem.Api.Http.Audit;

/// <summary>An endpoint whose capability writes the act to the audit log itself, before it does it and with what it knows of it: the door adds only that it failed.</summary>
internal sealed record WritesItself
{
    public static WritesItself Mark { get; } = new();
}

/// <summary>How an endpoint says it.</summary>
internal static class WritesItselfExtensions
{
    /// <inheritdoc cref="WritesItself"/>
    public static RouteHandlerBuilder ThatWritesItself(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(WritesItself.Mark);
}
