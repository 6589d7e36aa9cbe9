using AgentSystem.ServiceDefaults.Startup;

namespace AgentSystem.Api.Hosting;

/// <summary><c>migrate</c>: brings the tables up to date, adds what a first start needs, and ends. For a job of a cluster, beside hosts with <c>Database:MigrateOnStart=false</c>.</summary>
public static class MigrateVerb
{
    /// <summary>The word.</summary>
    public const string Name = "migrate";

    /// <summary>Runs it, with the settings of the API.</summary>
    /// <param name="arguments">What stands behind the word, read as settings.</param>
    /// <param name="output">Where the result goes, and the admin key when this made one.</param>
    /// <returns>0: the tables are up to date; 1: something the operator can mend, told in one line.</returns>
    public static Task<int> RunAsync(string[] arguments, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(output);
        return HostProgram.RunAsync(async () =>
        {
            await using var app = ApiHost.Build(arguments, static builder => builder.Configuration["Database:MigrateOnStart"] = "true");
            if (await ApiHost.PrepareAsync(app, CancellationToken.None) is { } adminKey)
            {
                await output.WriteLineAsync($"Admin key (shown once): {adminKey}");
            }

            await output.WriteLineAsync("The tables are up to date.");
        });
    }
}
