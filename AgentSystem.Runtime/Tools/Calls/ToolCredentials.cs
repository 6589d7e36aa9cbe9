using System.Security.Cryptography;
using System.Text.Json;
using AgentSystem.Runtime.Security.Sealing;
using AgentSystem.Runtime.Tools.Catalogue;

namespace AgentSystem.Runtime.Tools.Calls;

/// <summary>Credentials of tools: sealed when they are given, opened for a call, shown to nobody.</summary>
public sealed class ToolCredentials(IToolStore store, ISecretBox box)
{
    /// <summary>See <see cref="SealedPlace.Purpose"/>.</summary>
    internal const string Purpose = "tool_credentials.sealed";

    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Seals headers for the tool they belong to.</summary>
    public async Task<SealedHeaders> SealAsync(string tenant, string tool, IReadOnlyDictionary<string, string> headers, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(headers);
        var plain = JsonSerializer.SerializeToUtf8Bytes(headers);
        try
        {
            return new SealedHeaders([.. headers.Keys.Order(StringComparer.OrdinalIgnoreCase)], await box.SealAsync(new SealedPlace(tenant, Purpose, tool), plain, cancellation).ConfigureAwait(false));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <summary>The headers of a tool; those of its server or document where it came of one.</summary>
    /// <exception cref="SealException">They cannot be opened; the message names the cure.</exception>
    internal async Task<IReadOnlyDictionary<string, string>> OfAsync(string tenant, ToolDefinition tool, CancellationToken cancellation)
    {
        var owner = tool.Source ?? tool.Name;
        if (await store.CredentialsAsync(tenant, owner, cancellation).ConfigureAwait(false) is not { } stored)
        {
            return None;
        }

        var plain = (await box.OpenAsync(new SealedPlace(tenant, Purpose, owner), stored, cancellation).ConfigureAwait(false)).Require();
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(plain)!;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }
}
