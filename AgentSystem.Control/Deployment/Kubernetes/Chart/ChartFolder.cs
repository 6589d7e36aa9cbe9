namespace AgentSystem.Control.Deployment.Kubernetes.Chart;

/// <summary>Puts a chart into a folder.</summary>
public static class ChartFolder
{
    /// <summary>Writes it. Nothing that is there is overwritten: a file of an older chart beside the new ones would be installed with them.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="folder">An empty folder, or one to be made.</param>
    /// <returns>Null when it is written; else one line with what is wrong and its cure.</returns>
    public static string? Write(HelmChart chart, string folder)
    {
        ArgumentNullException.ThrowIfNull(chart);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        try
        {
            Directory.CreateDirectory(folder);
            if (Directory.EnumerateFileSystemEntries(folder).Any())
            {
                return $"The folder {folder} is not empty: name an empty or a new one, so that nothing of an older chart is installed with this one.";
            }

            foreach (var (path, text) in chart.Files)
            {
                var file = Path.Combine(folder, path);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.WriteAllText(file, text);
            }

            return null;
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            return $"The folder {folder} cannot be written ({refusal.Message}): name one that this user may write.";
        }
    }
}
