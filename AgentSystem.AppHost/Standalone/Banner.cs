
namespace AgentSystem.AppHost.Standalone;

/// <summary>What a start says once everything answers.</summary>
internal static class Banner
{
    public static void Show(StandaloneSystem system) => Console.WriteLine($"""
        AgentSystem is running.
          world    {World.Name}: {World.Reason}
          API      {system.ApiUrl}
          console  {system.WebUrl}
          data     {system.DataFolder} ({system.Stores})
        Ctrl+C stops everything.
        """);

    /// <summary>Said at once and not with the rest: only its hash is kept, and a later failure must not swallow it.</summary>
    public static void ShowAdminKey(string key) => Console.WriteLine($"Admin key (shown once): {key}");
}
