namespace AgentSystem.Runtime.Caching;

/// <summary>Keeps finished answers under their exact key. Losing it loses time, nothing else.</summary>
public interface IAnswerCache
{
    /// <summary>The bytes kept under <paramref name="key"/>, or null. A store that does not answer is a miss.</summary>
    ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellation);

    /// <summary>Keeps bytes for <paramref name="lifetime"/>. A store that does not answer is ignored and counted.</summary>
    ValueTask SetAsync(string key, byte[] value, TimeSpan lifetime, CancellationToken cancellation);

    /// <summary>Forgets every entry whose key begins with <paramref name="prefix"/> and says how many there were; null when the store does not answer.</summary>
    ValueTask<long?> ClearAsync(string prefix, CancellationToken cancellation);
}
