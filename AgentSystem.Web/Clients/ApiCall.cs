namespace AgentSystem.Web.Clients;

/// <summary>What one call asks for.</summary>
/// <param name="Method">GET, POST, PATCH or DELETE.</param>
/// <param name="Path">Beginning with a slash, escaped.</param>
/// <param name="Body">Written as JSON; a <see cref="HttpContent"/> goes as it is.</param>
internal sealed record ApiCall(HttpMethod Method, string Path, object? Body = null)
{
    /// <summary>How long anything but a stream may take, unless a call says otherwise.</summary>
    public static readonly TimeSpan UsualLimit = TimeSpan.FromSeconds(30);

    /// <summary>The key to call with; null: that of the signed-in person.</summary>
    public string? Key { get; init; }

    /// <summary>The ETag the thing must still have; the API answers 412 when it has another.</summary>
    public string? IfMatch { get; init; }

    /// <summary>Of a stream of events: the last one that is here already.</summary>
    public long? LastEventId { get; init; }

    /// <summary>How long the answer may take.</summary>
    public TimeSpan Limit { get; init; } = UsualLimit;

    /// <summary>Adds the parameters that have a value to <paramref name="path"/>.</summary>
    public static string With(string path, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var separator = '?';
        foreach (var (name, value) in parameters)
        {
            if (!string.IsNullOrWhiteSpace(value))
            {
                path += $"{separator}{name}={Uri.EscapeDataString(value)}";
                separator = '&';
            }
        }

        return path;
    }
}
