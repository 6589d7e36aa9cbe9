using System.Security.Cryptography;
using AgentSystem.Contracts.Security;

namespace AgentSystem.Runtime.Security.Audit;

/// <summary>The chain of this process: makes entries of events, each with the hash of the one before, without a gap. One caller at a time.</summary>
internal sealed class AuditChain(IAuditStore store, AuditSubjects subjects, TimeProvider time)
{
    private const int IdBytes = 8;

    private (long Sequence, byte[] Hash) last = (0, AuditEntry.Nothing);
    private bool unsure;
    private bool ended;

    /// <summary>Its name, new with each process.</summary>
    public string Stream { get; } = "s" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));

    /// <summary>Entries that are kept.</summary>
    public long Count => last.Sequence;

    /// <summary>Keeps the events in their order, all or none.</summary>
    public async Task AppendAsync(IReadOnlyList<(AuditEvent Event, DateTimeOffset At)> events, CancellationToken cancellation)
    {
        if (events.Count == 0)
        {
            return;
        }

        await SettleAsync(cancellation);
        IEnumerable<(AuditEvent Event, DateTimeOffset At)> all = events;
        if (last.Sequence == 0)
        {
            all = all.Prepend((Own("audit.begin"), events[0].At));
        }

        await KeepAsync([.. all], cancellation);
    }

    /// <summary>Says that this process ended in order; nothing comes behind it. Without it the process was killed, or entries are missing.</summary>
    public async Task EndAsync(CancellationToken cancellation)
    {
        await SettleAsync(cancellation);
        if (last.Sequence > 0 && !ended)
        {
            await KeepAsync([(Own("audit.end"), time.GetUtcNow())], cancellation);
            ended = true;
        }
    }

    private static AuditEvent Own(string action) => new(
        Tenants.Default, "system", action, $"process:{Environment.MachineName.ToLowerInvariant()}-{Environment.ProcessId}", AuditDecision.Allowed);

    private async Task KeepAsync(IReadOnlyList<(AuditEvent Event, DateTimeOffset At)> events, CancellationToken cancellation)
    {
        var sealing = await subjects.ForAsync(events.SelectMany(static each => Names(each.Event)), cancellation);
        var (entries, head) = (new List<AuditEntry>(events.Count), last);
        foreach (var (audited, at) in events)
        {
            var entry = AuditEntry.After(head.Hash, Body(audited, at, head.Sequence + 1, sealing));
            entries.Add(entry);
            head = (entry.Sequence, entry.Hash);
        }

        try
        {
            await store.AppendAsync(entries, cancellation);
            last = head;
        }
        catch
        {
            // It may be kept all the same: whether, is asked before anything is put behind it.
            unsure = true;
            throw;
        }
    }

    private async Task SettleAsync(CancellationToken cancellation)
    {
        if (!unsure)
        {
            return;
        }

        // Never back: entries that were kept and are gone must leave a gap.
        if (await store.LastAsync(Stream, cancellation) is { } kept && kept.Sequence > last.Sequence)
        {
            last = kept;
        }

        unsure = false;
    }

    private AuditBody Body(AuditEvent audited, DateTimeOffset at, long sequence, IReadOnlyDictionary<(string, string), AuditSubject> sealing)
    {
        var details = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in (audited.Details ?? new Dictionary<string, string>()).Take(AuditText.MaxDetails))
        {
            details[AuditText.Name(name)] = AuditSeal.IsPersonal(name) ? Sealed(name, AuditText.Line(value)) : Plain(AuditText.Clean(value));
        }

        return new AuditBody(
            audited.Tenant, Stream, sequence, AuditBody.Time(at), Who(audited.Actor), AuditText.Name(audited.Action), Who(audited.Object), audited.Decision,
            audited.RequestId is { } id ? AuditText.Name(id) : null, details);

        string Who(string value) => AuditSeal.Personal(AuditText.Line(value)) is { } person ? Sealed(person.Kind, person.Name) : Plain(AuditText.Clean(value));

        string Sealed(string kind, string name) => name.Length == 0 ? "" : AuditSeal.Seal(audited.Tenant, kind, name, sealing[(audited.Tenant, name)]);
    }

    /// <summary>Nobody can write what looks sealed.</summary>
    private static string Plain(string value) => value.StartsWith(AuditSeal.Start, StringComparison.Ordinal) ? "plain:" + value : value;

    private static IEnumerable<(string Tenant, string Name)> Names(AuditEvent audited)
    {
        foreach (var value in new[] { audited.Actor, audited.Object })
        {
            if (AuditSeal.Personal(AuditText.Line(value)) is { } person)
            {
                yield return (audited.Tenant, person.Name);
            }
        }

        foreach (var (name, value) in (audited.Details ?? new Dictionary<string, string>()).Take(AuditText.MaxDetails))
        {
            if (AuditSeal.IsPersonal(name) && AuditText.Line(value) is { Length: > 0 } who)
            {
                yield return (audited.Tenant, who);
            }
        }
    }
}
