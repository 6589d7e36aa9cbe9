namespace AgentSystem.Api.Http.Idempotency;

/// <summary>Members of an endpoint's answer that are shown once: they are sent, and never recorded.</summary>
internal sealed record ShownOnce(params IReadOnlyList<string> Members);

/// <summary>How an endpoint says it.</summary>
internal static class ShownOnceExtensions
{
    /// <summary>Leaves these members of the answer out of what an idempotent request is answered with again.</summary>
    public static RouteHandlerBuilder WithShownOnce(this RouteHandlerBuilder endpoint, params string[] members) => endpoint.WithMetadata(new ShownOnce(members));
}
