namespace AgentSystem.Runtime.Security.Screening;

/// <summary>The tables of screening, which travel inside the assembly.</summary>
internal static class ScreeningResources
{
    /// <summary>The lines of a table, without comments (<c># ...</c>) and empty ones.</summary>
    public static IEnumerable<string> Lines(string name)
    {
        using var reader = new StreamReader(Open(name));
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
            {
                yield return line;
            }
        }
    }

    /// <summary>A table's bytes.</summary>
    public static Stream Open(string name) =>
        typeof(ScreeningResources).Assembly.GetManifestResourceStream("screening/" + name)
        ?? throw new InvalidOperationException($"The assembly was built without its resource \"screening/{name}\"; see EmbeddedResource in AgentSystem.Runtime.csproj.");
}
