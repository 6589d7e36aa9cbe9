using System.Collections.Concurrent;

namespace AgentSystem.Runtime.Security.Audit;

/// <summary>The subjects this process has met lately, so that not every entry asks the store who somebody is.</summary>
internal sealed class AuditSubjects(IAuditStore store, AuditSeal seal, TimeProvider time)
{
    /// <summary>How long a subject is remembered. Another process may go on to seal for one that was erased for as long, under a key nobody has any more.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    private const int MostRemembered = 10_000;

    private readonly ConcurrentDictionary<(string Tenant, string Name), (AuditSubject Subject, DateTimeOffset Until)> known = new();

    /// <summary>Entries' personal values, sealed. Everything else comes back as it is.</summary>
    /// <param name="values">Tenant, kind and name of each.</param>
    /// <param name="cancellation">Ends the look into the store.</param>
    public async Task<IReadOnlyDictionary<(string Tenant, string Name), AuditSubject>> ForAsync(IEnumerable<(string Tenant, string Name)> values, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var (subjects, missing) = (new Dictionary<(string, string), AuditSubject>(), new List<(string Tenant, string Name)>());
        foreach (var value in values.Distinct())
        {
            if (known.TryGetValue(value, out var found) && found.Until > now)
            {
                subjects[value] = found.Subject;
            }
            else
            {
                missing.Add(value);
            }
        }

        foreach (var tenant in missing.GroupBy(static value => value.Tenant, StringComparer.Ordinal))
        {
            var tokens = tenant.ToDictionary(value => Convert.ToHexString(seal.Token(value.Tenant, value.Name)), static value => value.Name, StringComparer.Ordinal);
            foreach (var stored in await store.SubjectsAsync(tenant.Key, [.. tokens.Keys.Order(StringComparer.Ordinal).Select(static text => Convert.FromHexString(text))], token => seal.Make(tenant.Key, token), cancellation))
            {
                var value = (tenant.Key, tokens[Convert.ToHexString(stored.Token)]);
                subjects[value] = seal.Open(tenant.Key, stored) ?? throw new InvalidDataException($"The key of audit subject {stored.Id} was made under another AGENTSYSTEM_ROOT_KEY: give this process the one the others have.");
                Remember(value, subjects[value], now);
            }
        }

        return subjects;
    }

    /// <summary>Deletes what opens a subject's entries, for good; false when nothing is known of such a subject.</summary>
    public async Task<bool> EraseAsync(string tenant, string name, CancellationToken cancellation)
    {
        var erased = await store.EraseAsync(tenant, seal.Token(tenant, name), cancellation);
        known.TryRemove((tenant, name), out _);
        return erased;
    }

    private void Remember((string Tenant, string Name) value, AuditSubject subject, DateTimeOffset now)
    {
        if (known.Count >= MostRemembered)
        {
            known.Clear();
        }

        known[value] = (subject, now + Memory);
    }
}
