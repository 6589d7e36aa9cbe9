namespace AgentSystem.ServiceDefaults.Inference;

/// <summary>Finds the model that ships with the platform.</summary>
internal static class ShippedModel
{
    private const string Config = "genai_config.json";

    private static readonly string Relative = System.IO.Path.Combine("models", "assistant-small");

    /// <summary>
    /// Its folder: beside the application (build and publish copy it there), else in a folder above, so that a tool run from a build output
    /// without the copy still finds the repository's.
    /// </summary>
    public static string Folder { get; } = Find(AppContext.BaseDirectory);

    /// <summary>Whether this build has it.</summary>
    public static bool IsThere => File.Exists(System.IO.Path.Combine(Folder, Config));

    private static string Find(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            var candidate = System.IO.Path.Combine(folder.FullName, Relative);
            if (File.Exists(System.IO.Path.Combine(candidate, Config)))
            {
                return candidate;
            }
        }

        return System.IO.Path.Combine(start, Relative);
    }
}
