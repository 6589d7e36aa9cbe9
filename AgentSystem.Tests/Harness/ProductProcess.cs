using System.Diagnostics;

namespace AgentSystem.Tests.Harness;

/// <summary>Starts a program of the product as a process of its own that can also load this test assembly.</summary>
internal static class ProductProcess
{
    /// <param name="program">Name of its assembly.</param>
    /// <param name="environment">What it gets besides what this process has; settings of the product that happen to be set here it does not get.</param>
    public static TestProcess Start(string program, IEnumerable<(string Name, string Value)> environment)
    {
        var here = AppContext.BaseDirectory;
        var tests = Path.Combine(here, "AgentSystem.Tests");
        var start = new ProcessStartInfo("dotnet", ["exec", "--depsfile", tests + ".deps.json", "--runtimeconfig", tests + ".runtimeconfig.json", Path.Combine(here, program + ".dll")]) { WorkingDirectory = "/" };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("AGENTSYSTEM_", StringComparison.Ordinal) || name.StartsWith("ConnectionStrings__", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return TestProcess.Start(start);
    }
}
