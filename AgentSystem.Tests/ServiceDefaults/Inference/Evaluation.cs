namespace AgentSystem.Tests.ServiceDefaults.Inference;

/// <summary>The shipped model's evaluation files, which stay in the repository and are not copied to outputs.</summary>
internal static class Evaluation
{
    /// <summary>Path of one of them.</summary>
    public static string File(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "models", "assistant-small", "evaluation", name);
            if (System.IO.File.Exists(path))
            {
                return path;
            }
        }

        throw new FileNotFoundException($"models/assistant-small/evaluation/{name} stands in no folder above {AppContext.BaseDirectory}.");
    }
}
