using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security;

namespace AgentSystem.Api.Keys;

/// <summary>
/// The first key. Given by the operator, it is taken as it is and replaces the old one; otherwise one is made at the first start.
/// An orchestrator that steers the platform, such as the AppHost's dashboard, brings a second one of its own, new at each start.
/// </summary>
internal sealed class AdminKey(IKeyStore keys, KeySecrets secrets, TimeProvider time, IConfiguration configuration)
{
    /// <summary>Fewest characters of a key an operator chooses.</summary>
    public const int MinimumLength = 32;

    private const string Variable = "AGENTSYSTEM_ADMIN_KEY";
    private const string FirstVariable = "AGENTSYSTEM_FIRST_ADMIN_KEY";
    private const string OrchestratorVariable = "AGENTSYSTEM_ORCHESTRATOR_KEY";

    /// <summary>The name the first key has; no other key may take it.</summary>
    public const string Name = "admin";

    /// <summary>The name the orchestrator's key has; no other key may take it.</summary>
    public const string OrchestratorName = "orchestrator";

    private const int MaximumLength = 512;

    /// <summary>Makes sure there is an admin key, and that the orchestrator's key is the one it brought.</summary>
    /// <returns>The secret when one was made now; null when there was one, or the operator gave it.</returns>
    /// <exception cref="ArgumentException">A given key was revoked, has expired or is another one; only the database knows.</exception>
    public async Task<string?> EnsureAsync(CancellationToken cancellation)
    {
        if (Given(OrchestratorVariable) is { } orchestrator)
        {
            await TakeAsync(OrchestratorName, OrchestratorVariable, orchestrator, cancellation);
        }

        if (Given(Variable) is { } given)
        {
            await TakeAsync(Name, Variable, given, cancellation);
            return null;
        }

        var existing = await keys.ListAsync(Tenants.Default, cancellation);
        if (existing.Any(key => IsAdmin(key, Name)))
        {
            return null;
        }

        // Given for the first start only: one that was rotated or revoked since does not come back.
        if (Given(FirstVariable) is { } first && await keys.FindByHashAsync(secrets.Hash(first), cancellation) is null)
        {
            await AddAsync(Name, first, cancellation);
            return null;
        }

        return (await AddAsync(Name, KeySecrets.Create(), cancellation)).Key;
    }

    /// <summary>Makes a new admin key and revokes the one there was; null when the operator's variable decides which it is.</summary>
    public async Task<CreatedKey?> RotateAsync(CancellationToken cancellation)
    {
        if (Given(Variable) is not null)
        {
            return null;
        }

        var created = await AddAsync(Name, KeySecrets.Create(), cancellation);
        await keys.RevokeOthersNamedAsync(Tenants.Default, Name, created.Id, time.GetUtcNow(), cancellation);
        return created;
    }

    /// <summary>What is wrong with the form of the given keys, one sentence each with its cure; the keys themselves are not told.</summary>
    public static IEnumerable<string> Check(IConfiguration configuration)
    {
        foreach (var variable in new[] { Variable, FirstVariable, OrchestratorVariable })
        {
            if (Given(configuration, variable) is not { } given)
            {
                continue;
            }

            if (given.Length is < MinimumLength or > MaximumLength || given.Any(c => c is <= ' ' or > '~'))
            {
                yield return $"{variable} has {given.Length} characters: give it {MinimumLength} to {MaximumLength} visible ASCII characters without spaces, or unset it{(variable != OrchestratorVariable ? " to have one made" : "")}.";
            }
            else if (!KeySecrets.HasRightChecksum(given))
            {
                yield return $"{variable} has the length and the beginning of a key made here, and its last six characters are not that key's checksum: copy it whole, or choose one of another length.";
            }
        }
    }

    private string? Given(string variable) => Given(configuration, variable);

    private static string? Given(IConfiguration configuration, string variable) => configuration[variable] is { Length: > 0 } given ? given : null;

    private bool IsAdmin(KeyView key, string name) =>
        key.Name == name && key.Scopes.Contains(Scopes.Admin) && key.RevokedAt is null && (key.ExpiresAt is null || key.ExpiresAt > time.GetUtcNow());

    private async Task TakeAsync(string name, string variable, string given, CancellationToken cancellation)
    {
        var known = await keys.FindByHashAsync(secrets.Hash(given), cancellation);
        if (known is not null && !IsAdmin(known.View, name))
        {
            throw new ArgumentException($"{variable} holds a key that was revoked, has expired or is not the {name} key; choose a new one.");
        }

        var id = known?.View.Id ?? (await AddAsync(name, given, cancellation)).Id;
        await keys.RevokeOthersNamedAsync(Tenants.Default, name, id, time.GetUtcNow(), cancellation);
    }

    private async Task<CreatedKey> AddAsync(string name, string secret, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var view = new KeyView(
            "key_" + Guid.CreateVersion7(now).ToString("N"), name, KeySecrets.Prefix(secret), Tenants.Default, null, null,
            [Scopes.Admin], ["*"], ["*"], KeyLimits.None, now, null, null, null);
        await keys.AddAsync(new StoredKey(secrets.Hash(secret), view), cancellation);
        return new CreatedKey(view.Id, secret, view);
    }
}
