using AgentSystem.Tests.Architecture;

namespace AgentSystem.Tests.Contracts;

/// <summary>Compares a text with the file that was accepted for it, by name.</summary>
internal static class Snapshot
{
    /// <summary>Set to 1 to accept what the code writes now.</summary>
    public const string AcceptVariable = "AGENTSYSTEM_ACCEPT_SNAPSHOTS";

    public static string Folder { get; } = Path.Combine(Repository.Root, "AgentSystem.Tests", "Snapshots");

    public static void Matches(string name, string actual)
    {
        var path = Path.Combine(Folder, name);
        actual = actual.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
        if (Environment.GetEnvironmentVariable(AcceptVariable) == "1")
        {
            File.WriteAllText(path, actual);
            return;
        }

        var accepted = File.Exists(path) ? File.ReadAllText(path) : "";
        Assert.True(accepted == actual, Explain(name, accepted, actual));
    }

    /// <summary>What changed, what that means, and how to accept it.</summary>
    public static string Explain(string name, string accepted, string actual)
    {
        var how = $"If that is meant, run the Contracts tests once with {AcceptVariable}=1 and commit the file.";
        if (accepted.Length == 0)
        {
            return $"AgentSystem.Tests/Snapshots/{name} does not exist. {how}{Environment.NewLine}{actual}";
        }

        var (before, after) = (accepted.Split('\n'), actual.Split('\n'));
        var gone = before.Except(after).Select(line => "- " + line);
        var come = after.Except(before).Select(line => "+ " + line);
        return $"What crosses a process boundary has changed: AgentSystem.Tests/Snapshots/{name}. Older peers and clients still send and expect the accepted form. {how}{Environment.NewLine}"
            + string.Join(Environment.NewLine, gone.Concat(come));
    }
}
