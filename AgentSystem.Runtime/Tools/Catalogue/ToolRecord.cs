using AgentSystem.Contracts.Tools;

namespace AgentSystem.Runtime.Tools.Catalogue;

/// <summary>A tool as it is kept.</summary>
/// <param name="Definition">The approved version, or the newest where none was approved yet.</param>
/// <param name="State">What its server says of it; never <see cref="ToolState.Disabled"/>.</param>
/// <param name="Enabled">False: a person turned it off.</param>
/// <param name="Active">The approved version; 0: none.</param>
/// <param name="Latest">The newest version.</param>
/// <param name="ActiveHash">Hash of the approved version; null: there is none.</param>
/// <param name="LatestHash">Hash of the newest.</param>
/// <param name="Headers">Names of its credentials' headers.</param>
/// <param name="CreatedAt">When it was registered.</param>
/// <param name="CreatedBy">Name of the key that registered it.</param>
public sealed record ToolRecord(
    ToolDefinition Definition, ToolState State, bool Enabled, int Active, int Latest, string? ActiveHash, string LatestHash, IReadOnlyList<string> Headers, DateTimeOffset CreatedAt, string CreatedBy)
{
    /// <summary>Whether it can be called.</summary>
    public ToolState Shown => Enabled ? State : ToolState.Disabled;
}

/// <summary>A version as it is kept.</summary>
public sealed record ToolVersion(int Version, ToolDefinition Definition, string Hash, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? ApprovedAt, string? ApprovedBy);

/// <summary>A tool to register; version 1 is approved by whoever registers it, or waits.</summary>
public sealed record NewTool(ToolDefinition Definition, bool Approved);

/// <summary>A change of one tool.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Seen">The newest version the change was made on top of; another there now refuses it. Null: whichever.</param>
public sealed record ToolUpdate(string Name, int? Seen)
{
    /// <summary>A new version; null: none.</summary>
    public ToolDefinition? Definition { get; init; }

    /// <summary>Whether the new version may be called at once.</summary>
    public bool Approved { get; init; }

    /// <summary>What its server says of it now; null: as before. A new version that is not approved makes it <see cref="ToolState.Changed"/>.</summary>
    public ToolState? State { get; init; }

    /// <summary>Turned on or off by a person; null: as before.</summary>
    public bool? Enabled { get; init; }

    /// <summary>New credentials, sealed; null: as before.</summary>
    public SealedHeaders? Credentials { get; init; }
}

/// <summary>Credentials as they are kept.</summary>
/// <param name="Names">The headers' names, to be shown; none: there are no credentials.</param>
/// <param name="Sealed">Names and values, sealed.</param>
public sealed record SealedHeaders(IReadOnlyList<string> Names, byte[] Sealed);

/// <summary>How a write ended.</summary>
public enum ToolWriteStatus
{
    /// <summary>It is kept.</summary>
    Done,

    /// <summary>There is no such tool, or no such version.</summary>
    Missing,

    /// <summary>A tool has that name already.</summary>
    Taken,

    /// <summary>There are as many as there may be.</summary>
    TooMany,

    /// <summary>Somebody else changed it meanwhile.</summary>
    Conflict,
}

/// <summary>How a write ended, and the tool it ended at.</summary>
public sealed record ToolWrite(ToolWriteStatus Status, string? Name = null);

/// <summary>Why a request about tools is not done.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">Stable code for programs.</param>
/// <param name="Message">For people; names the cure.</param>
/// <param name="Member">The member of the request it is about.</param>
/// <param name="RetryAfter">When trying again makes sense; null when it does not.</param>
public sealed record ToolRefusal(int Status, string Code, string Message, string? Member, TimeSpan? RetryAfter = null)
{
    internal static ToolRefusal Invalid(string member, string message) => new(400, "invalid_value", message, member);
}
