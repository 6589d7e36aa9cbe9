using System.Text.Json;
using AgentSystem.Contracts.Tools;

namespace AgentSystem.Runtime.Tools.Catalogue;

/// <summary>Reads what a server or document offers.</summary>
public interface IToolImporter
{
    /// <summary>The kind it reads.</summary>
    ToolKind Kind { get; }

    /// <summary>What is offered.</summary>
    /// <exception cref="ToolImportException">It could not be read, or holds nothing that can be used.</exception>
    Task<ImportedTools> ReadAsync(ImportSource source, CancellationToken cancellation);
}

/// <summary>What to read.</summary>
/// <param name="Tenant">Whose.</param>
/// <param name="Tool">The server or document.</param>
/// <param name="Headers">Credentials.</param>
public sealed record ImportSource(string Tenant, ToolDefinition Tool, IReadOnlyDictionary<string, string> Headers);

/// <summary>What a server or document offers.</summary>
/// <param name="Description">What it says about itself.</param>
/// <param name="Tools">What can be used.</param>
/// <param name="Skipped">What cannot, with the reasons.</param>
public sealed record ImportedTools(string Description, IReadOnlyList<ImportedTool> Tools, IReadOnlyList<SkippedTool> Skipped);

/// <summary>One of them.</summary>
/// <param name="RemoteName">What its server calls it, or the operation.</param>
/// <param name="Description">For the model.</param>
/// <param name="Schema">Of the arguments; it was read.</param>
/// <param name="Effect">By its method; null where nothing is known.</param>
/// <param name="Url">Where it is.</param>
/// <param name="Operation">How arguments become a request.</param>
public sealed record ImportedTool(string RemoteName, string Description, JsonElement Schema, ToolEffect? Effect, string Url, HttpOperation? Operation);

/// <summary>A server or document that gave nothing.</summary>
/// <param name="status">400 where it is wrong, 502 where it did not answer.</param>
/// <param name="message">For people; names the cure.</param>
/// <param name="inner">What happened.</param>
public sealed class ToolImportException(int status, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>HTTP status of the refusal.</summary>
    public int Status => status;
}
