using System.ComponentModel.DataAnnotations;

namespace AgentSystem.Runtime.Mesh.Peers;

/// <summary>How roles in other processes are called. Section <c>Roles:Calls</c>. Where they are stands in <c>Services:ROLE</c>; attempts, retry budget and breakers are those of the section <c>Resilience</c>.</summary>
public sealed class MeshCallOptions
{
    /// <summary>Where the settings stand.</summary>
    public const string Section = "Roles:Calls";

    /// <summary>Longest wait for a reply where the caller has no deadline of its own. A stream lasts as long as its caller's deadline.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest wait for a connection.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a connection is asked whether its other end still lives; one that does not answer for as long again is given up, with the calls on it.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the addresses of a <c>dns:///</c> name are looked up.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Refresh { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest pause of a process that could not be reached; the first is half a second, each further one twice as long.</summary>
    [Range(typeof(TimeSpan), "00:00:00.5", "00:10:00")]
    public TimeSpan LongestEjection { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Largest message, in bytes.</summary>
    [Range(65_536, 1_073_741_824)]
    public int MaxMessageBytes { get; set; } = 33_554_432;
}
