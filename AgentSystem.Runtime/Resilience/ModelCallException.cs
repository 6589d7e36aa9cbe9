namespace AgentSystem.Runtime.Resilience;

/// <summary>A model call failed, with its consequences decided where it was born.</summary>
public sealed class ModelCallException : Exception
{
    /// <summary>Describes the failure.</summary>
    public ModelCallException(ModelFailure failure, Exception? inner = null) : base(failure.Message, inner) => Failure = failure;

    /// <summary>What it means for the request.</summary>
    public ModelFailure Failure { get; }
}

/// <summary>What a failed model call means for the request.</summary>
/// <param name="Status">HTTP status for the caller.</param>
/// <param name="Code">Stable code, e.g. <c>model_unavailable</c>.</param>
/// <param name="Message">For people; names the cure.</param>
/// <param name="Retryable">True when another attempt may succeed.</param>
/// <param name="RetryAfter">When a client may try again.</param>
/// <param name="Stated">True when the provider itself said <paramref name="RetryAfter"/>: then nobody asks it earlier.</param>
public sealed record ModelFailure(int Status, string Code, string Message, bool Retryable, TimeSpan? RetryAfter = null, bool Stated = false)
{
    /// <summary>A code: the model did not make the tool call that the caller demanded. The model is well; another one may do better.</summary>
    public const string CallMissing = "tool_call_missing";

    /// <summary>A code: a budget of the caller has no room for the call. It is none of the model's.</summary>
    public const string BudgetExceeded = "budget_exceeded";

    /// <summary>True when the call surely cost nothing: it was never sent, or was answered with a status that sells nothing.</summary>
    public bool Unbilled { get; init; }

    /// <summary>True when a cheaper model may answer instead.</summary>
    public bool Degrades { get; init; }

    /// <summary>What a provider's HTTP status means.</summary>
    /// <param name="status">The status.</param>
    /// <param name="model">The configured name.</param>
    /// <param name="pause">How long the provider asked to be left alone; null when it did not.</param>
    public static ModelFailure OfStatus(int status, string model, TimeSpan? pause) => ModelFailures.ReadStatus(status, model, pause);
}
