using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace AgentSystem.Runtime.Runs;

/// <summary>The ids of runs and of their tool calls.</summary>
public static class RunIds
{
    private const int CallBytes = 18;

    /// <summary>The id of a run begun at <paramref name="at"/>; later ones sort after it.</summary>
    public static string New(DateTimeOffset at) => $"run_{Guid.CreateVersion7(at):N}";

    /// <summary>
    /// The id of a tool call: the same however often the step is repeated, whoever repeats it, and different for every other call. Tools get it as their idempotency key.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="model">Number of the model call that asked for it, from 0.</param>
    /// <param name="call">Its place in that answer, from 0.</param>
    public static string Call(string run, int model, int call) =>
        "call_" + Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{run}/{model}/{call}")).AsSpan(0, CallBytes));
}
