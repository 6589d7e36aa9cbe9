namespace AgentSystem.ServiceDefaults.Startup;

/// <summary>What the hosts' own programs have in common.</summary>
public static class HostProgram
{
    /// <summary>Runs a host to its end. A failure that the operator can mend is one line on standard error and exit code 1; any other keeps its stack trace.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(Func<Task> program)
    {
        ArgumentNullException.ThrowIfNull(program);
        try
        {
            await program().ConfigureAwait(false);
            return 0;
        }
        catch (Exception failure) when (StartFailure.Cure(failure) is { } line)
        {
            await Console.Error.WriteLineAsync(line).ConfigureAwait(false);
            return 1;
        }
    }
}
