namespace AgentSystem.Runtime.Caching;

/// <summary>Keeps finished answers under their exact key. Losing it loses time, nothing else.</summary>
public interface IAnswerCache
{
    /// <summary>The bytes kept under <paramref name="key"/>, or null. A store that does not answer is a miss.</summary>
    ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellation);

    /// <summary>Keeps bytes for <paramref name="lifetime"/>. A store that does not answer is ignored and counted.</summary>
    ValueTask SetAsync(string key, byte[] value, TimeSpan lifetime, CancellationToken cancellation);
}
