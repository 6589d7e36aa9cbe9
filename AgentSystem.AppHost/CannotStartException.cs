namespace AgentSystem.AppHost;

/// <summary>
/// The system cannot start, for a reason the operator can mend. The message is one line: what was found and what cures it.
/// The entry point prints it on standard error and exits with code 1; no stack trace is shown.
/// </summary>
public sealed class CannotStartException : Exception
{
    public CannotStartException() : this("The system cannot start.")
    {
    }

    public CannotStartException(string message) : base(message)
    {
    }

    public CannotStartException(string message, Exception inner) : base(message, inner)
    {
    }
}
