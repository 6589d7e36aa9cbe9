using System.Collections.Concurrent;

namespace AgentSystem.Runtime.Recordings;

/// <summary>Wakes the readers of this process when a recording grew. A signal may be missed or come for nothing; readers look for themselves as well.</summary>
internal sealed class RecordingSignals
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> waiting = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource needed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done once somebody waits for anything; until then nobody needs to listen to other processes.</summary>
    public Task Needed => needed.Task;

    /// <summary>Done at the next <see cref="Pulse"/>. Ask before reading: what comes after the reading is then not missed.</summary>
    public Task NextAsync(string id)
    {
        needed.TrySetResult();
        return waiting.GetOrAdd(id, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    public void Pulse(string id)
    {
        if (waiting.TryRemove(id, out var readers))
        {
            readers.TrySetResult();
        }
    }
}
