namespace AgentSystem.Tests.Architecture;

/// <summary>Which project may use which. Tests and Benchmarks are free; every other project is listed.</summary>
internal static class ReferenceRules
{
    private const string Contracts = "AgentSystem.Contracts", Runtime = "AgentSystem.Runtime", Control = "AgentSystem.Control",
        ServiceDefaults = "AgentSystem.ServiceDefaults", Api = "AgentSystem.Api", Workers = "AgentSystem.Workers", Web = "AgentSystem.Web", AppHost = "AgentSystem.AppHost";

    public static IReadOnlyList<string> Free { get; } = ["AgentSystem.Tests", "AgentSystem.Benchmarks"];

    public static IReadOnlyDictionary<string, string[]> Table { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        [Contracts] = [],
        // The models' views and failures: what a host's engines tell the data plane.
        [ServiceDefaults] = [Contracts],
        [Runtime] = [Contracts],
        [Control] = [Contracts],
        [Api] = [Runtime, Control, Contracts, ServiceDefaults],
        [Workers] = [Runtime, Control, Contracts, ServiceDefaults],
        [Web] = [Contracts, ServiceDefaults],
        [AppHost] = [Api, Workers, Web, Control],
    };

    public static IEnumerable<string> Check(IEnumerable<ProjectFile> projects)
    {
        foreach (var project in projects.Where(project => !Free.Contains(project.Name)))
        {
            if (!Table.TryGetValue(project.Name, out var allowed))
            {
                yield return $"{project.Path}: the project has no row in the table.";
                continue;
            }

            foreach (var extra in project.Projects.Except(allowed, StringComparer.Ordinal))
            {
                yield return $"{project.Path}: may not reference {extra}.";
            }

            foreach (var missing in allowed.Except(project.Projects, StringComparer.Ordinal))
            {
                yield return $"{project.Path}: must reference {missing}.";
            }
        }
    }

    /// <summary>Names of our other projects that a source mentions although its project must not know them.</summary>
    public static IEnumerable<string> CheckNames(IEnumerable<SourceFile> sources)
    {
        foreach (var source in sources)
        {
            if (source.Project is not { } project || !Table.TryGetValue(project, out var allowed))
            {
                continue;
            }

            // A host sees what its references bring along; the two planes and the leaves see only what they name.
            var known = allowed.SelectMany(name => Table[name].Append(name)).Append(project).ToHashSet(StringComparer.Ordinal);
            foreach (var other in Table.Keys.Where(other => !known.Contains(other) && Mentions(source.Code, other)))
            {
                yield return $"{source.Path}: names {other}.";
            }
        }
    }

    private static bool Mentions(string code, string name)
    {
        for (var at = code.IndexOf(name, StringComparison.Ordinal); at >= 0; at = code.IndexOf(name, at + 1, StringComparison.Ordinal))
        {
            var after = at + name.Length;
            if (after == code.Length || !char.IsLetterOrDigit(code[after]))
            {
                return true;
            }
        }

        return false;
    }
}
