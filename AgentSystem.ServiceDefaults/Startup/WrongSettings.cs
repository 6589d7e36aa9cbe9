using Microsoft.Extensions.Options;

namespace AgentSystem.ServiceDefaults.Startup;

/// <summary>Refuses a start because of its settings: all of them at once, before anything is started.</summary>
public static class WrongSettings
{
    /// <summary>Does nothing when there are no mistakes.</summary>
    /// <param name="host">Whose settings they are.</param>
    /// <param name="mistakes">One sentence each, with the cure; the same mistake found twice is told once.</param>
    /// <exception cref="OptionsValidationException">There are mistakes; all of them are in it.</exception>
    public static void Refuse(Type host, IEnumerable<string> mistakes)
    {
        ArgumentNullException.ThrowIfNull(host);
        string[] told = [.. mistakes.Distinct(StringComparer.Ordinal)];
        if (told.Length > 0)
        {
            throw new OptionsValidationException(host.Name, host, told);
        }
    }
}
