using AgentSystem.Benchmarks.Gateway;
using AgentSystem.Benchmarks.Gateway.Load;
using AgentSystem.Benchmarks.Gateway.Yarp;

namespace AgentSystem.Benchmarks.Processes;

/// <summary>Parts of a benchmark that run as a process of their own, so that one's processor time is not counted as another's. This program started with <see cref="Verb"/> plays one.</summary>
internal static class Role
{
    public const string Verb = "as";

    private static readonly Dictionary<string, Func<string[], CancellationToken, Task>> Roles = new(StringComparer.Ordinal)
    {
        [ScriptedUpstream.Name] = ScriptedUpstream.ServeAsync,
        [YarpRoute.Name] = YarpRoute.ServeAsync,
        [AgentSystemServer.Name] = AgentSystemServer.ServeAsync,
        [LoadGenerator.Name] = LoadGenerator.ServeAsync,
    };

    /// <summary>Plays a role until the starter closes standard input, or is gone.</summary>
    public static async Task<int> PlayAsync(string role, string[] arguments)
    {
        if (!Roles.TryGetValue(role, out var playAsync))
        {
            await Console.Error.WriteLineAsync($"There is no role {role}; roles are played for the benchmarks, which start them themselves.");
            return 2;
        }

        using var stop = new CancellationTokenSource();
        // The load generator reads its orders itself and ends with them.
        if (role != LoadGenerator.Name)
        {
            _ = Task.Run(
                async () =>
                {
                    await Console.In.ReadToEndAsync();
                    await stop.CancelAsync();
                },
                CancellationToken.None);
        }

        await playAsync(arguments, stop.Token);
        return 0;
    }

    /// <summary>Tells the starter where this role listens, and which processes besides its own work for it.</summary>
    public static Task AnnounceAsync(string url, params int[] others) => Console.Out.WriteLineAsync($"{ChildProcess.Announcement}{string.Join(' ', [url, .. others.Select(id => $"{id}")])}");

    /// <summary>Waits until the starter wants this role to end.</summary>
    public static Task EndAsync(CancellationToken stop) => Task.Delay(Timeout.Infinite, stop).ContinueWith(static _ => { }, TaskScheduler.Default);
}
