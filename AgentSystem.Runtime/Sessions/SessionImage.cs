using System.Text.Json.Nodes;
using AgentSystem.Contracts.Sessions;

namespace AgentSystem.Runtime.Sessions;

/// <summary>
/// A session while its row is locked: the keys that changes touch, and the changes applied one after the other, each whole or not at all.
/// Several callers' changes of one session are decided here in their order and written once.
/// </summary>
internal sealed class SessionImage(SessionId id, SessionRules rules)
{
    private readonly Dictionary<string, KeyImage> keys = new(StringComparer.Ordinal);
    private readonly HashSet<string> written = new(StringComparer.Ordinal);
    private readonly HashSet<string> removed = new(StringComparer.Ordinal);

    public SessionId Id => id;

    /// <summary>Whether there is a row; a deleted session keeps its own, so that versions never repeat.</summary>
    public bool HasRow { get; init; }

    public bool Deleted { get; set; } = true;

    public string User { get; set; } = "";

    public long Version { get; set; }

    public int Bytes { get; set; }

    public int Keys { get; set; }

    /// <summary>True when something must be written.</summary>
    public bool Changed { get; private set; }

    /// <summary>True when all keys there were in the table go.</summary>
    public bool Cleared { get; private set; }

    public IEnumerable<(string Key, KeyImage Value)> Written => written.Select(key => (key, keys[key]));

    public IEnumerable<string> Removed => removed;

    /// <summary>Tells the image of a key in the table; those not told of are not there.</summary>
    public void Load(string key, KeyImage value) => keys[key] = value;

    /// <summary>Applies a change now.</summary>
    /// <param name="change">The change.</param>
    /// <param name="sequence">Its place in the database's order.</param>
    public SessionOutcome Apply(SessionChange change, long sequence)
    {
        if (IsSomebodyElses(change))
        {
            return SessionOutcome.Of(SessionRefusal.NotFound(change.Name));
        }

        var refusal = Check(change.Match);
        if (refusal is not null && (change.Rule is null || change.Match!.Version is null || Deleted))
        {
            return SessionOutcome.Of(refusal);
        }

        return change.Keys.Count == 0 ? Delete(change) : Apply(change, sequence, refusal is null ? null : change.Match!.Version, ownToo: true);
    }

    /// <summary>Null when the session is what it must be.</summary>
    public SessionRefusal? Check(SessionMatch? match)
    {
        var current = Deleted ? 0 : Version;
        return match is null || (match.Version is { } wanted ? wanted == current : current > 0) ? null : SessionRefusal.WrongVersion(current);
    }

    /// <summary>Applies a change that was accepted before, on top of version <paramref name="basis"/>; whatever cannot be applied any more becomes a conflict for a person.</summary>
    public SessionOutcome ApplyLate(SessionChange change, long sequence, long basis)
    {
        var outcome = IsSomebodyElses(change) ? SessionOutcome.Of(SessionRefusal.NotFound(change.Name)) : Apply(change, sequence, basis, ownToo: false);
        return outcome.Refusal is not { } refusal ? outcome : new SessionOutcome(null, Version, [.. change.Keys.Select(key => new SessionConflict(
            key, keys.GetValueOrDefault(key.Key), ConflictRule.Human, ConflictDecision.Undecided, refusal.Code switch { "strategy_mismatch" => "misfit", "state_limit" => "limit", _ => "not_yours" }))]);
    }

    private bool IsSomebodyElses(SessionChange change) => !Deleted && change.Scope.User is { } user && user != User;

    private SessionOutcome Delete(SessionChange change)
    {
        if (Deleted)
        {
            return SessionOutcome.Of(SessionRefusal.NotFound(change.Name));
        }

        keys.Clear();
        written.Clear();
        removed.Clear();
        (Cleared, Deleted, Changed, Keys, Bytes) = (true, true, true, 0, 0);
        return new SessionOutcome(null, ++Version, []);
    }

    private SessionOutcome Apply(SessionChange change, long sequence, long? basis, bool ownToo)
    {
        // Nothing of the image changes before the whole change is known to fit.
        var next = new Dictionary<string, KeyImage?>(StringComparer.Ordinal);
        var conflicts = new List<SessionConflict>();
        for (var index = 0; index < change.Keys.Count; index++)
        {
            var one = change.Keys[index];
            var there = next.TryGetValue(one.Key, out var earlier) ? earlier : keys.GetValueOrDefault(one.Key);
            if (one.Action == KeyAction.Remove)
            {
                if (there is null)
                {
                    return SessionOutcome.Of(SessionRefusal.KeyNotFound(change.Name, one.Key));
                }

                next[one.Key] = null;
                continue;
            }

            var (json, refusal) = Combine(index, one, there);
            if (refusal is not null)
            {
                return SessionOutcome.Of(refusal);
            }

            if (!next.ContainsKey(one.Key) && there is not null && IsStale(there, change, sequence, basis, ownToo) && Decide(change, one, there, sequence) is { } decision)
            {
                conflicts.Add(new SessionConflict(one, there, change.Rule ?? rules.Default, decision.Kept, "changed"));
                json = decision.Json;
            }

            if (json is not null)
            {
                next[one.Key] = new KeyImage(json, SessionLimits.Bytes(json), Version + 1, sequence, change.Writer.Key, change.Writer.Agent);
            }
        }

        return Refuse(next) is { } over ? SessionOutcome.Of(over) : Keep(change, next, conflicts);
    }

    /// <summary>
    /// The key was written after the version this change was made on. Who named that version in a strong change is told of every such write, because several agents may share a key;
    /// what was accepted to be applied later is not in conflict with the same writer's earlier changes, whose versions it could not know.
    /// </summary>
    private static bool IsStale(KeyImage there, SessionChange change, long sequence, long? basis, bool ownToo) =>
        basis is { } version && there.Version > version && (ownToo || there.Writer != change.Writer.Key || there.Sequence > sequence);

    private ConflictDecision? Decide(SessionChange change, KeyChange one, KeyImage there, long sequence)
    {
        var rule = change.Rule ?? rules.Default;
        var byPlace = rule == ConflictRule.AgentPriority ? rules.Compare(change.Writer.Agent, there.Agent) : 0;
        return ConflictDecision.Of(rule, one, there.Node, byPlace != 0 ? byPlace < 0 : sequence > there.Sequence);
    }

    private static (string? Json, SessionRefusal? Refusal) Combine(int index, KeyChange change, KeyImage? there)
    {
        if (change.Action == KeyAction.Replace)
        {
            return (change.Json, null);
        }

        return (change.Action, there?.Node, StoredValues.Read(change.Json)) switch
        {
            (KeyAction.Merge, _, not JsonObject) or (KeyAction.Append, _, not JsonArray) => (null, SessionRefusal.Misfit(index, change, "what was sent is none")),
            _ when there is null => (change.Json, null),
            (KeyAction.Merge, JsonObject under, JsonObject over) => (StoredValues.Write(JsonMerge.Merge(under, over)), null),
            (KeyAction.Append, JsonArray first, JsonArray then) => (StoredValues.Write(JsonMerge.Append(first, then)), null),
            _ => (null, SessionRefusal.Misfit(index, change, $"what is kept under \"{change.Key}\" is none")),
        };
    }

    private SessionRefusal? Refuse(Dictionary<string, KeyImage?> next)
    {
        var (bytes, count) = After(next);
        var large = next.FirstOrDefault(each => each.Value?.Bytes > rules.Options.MaxValueBytes).Key;
        return large is not null ? SessionRefusal.OverLimit($"The value of \"{large}\" would grow over {rules.Options.MaxValueBytes} bytes (Sessions:MaxValueBytes); keep less in one key.", "updates")
            : bytes > rules.Options.MaxSessionBytes && bytes > Bytes ? SessionRefusal.OverLimit($"The session would grow over {rules.Options.MaxSessionBytes} bytes (Sessions:MaxSessionBytes); remove keys, or begin another session.", "updates")
            : count > rules.Options.MaxKeys && count > Keys ? SessionRefusal.OverLimit($"The session would have more than {rules.Options.MaxKeys} keys (Sessions:MaxKeys); remove keys, or begin another session.", "updates")
            : null;
    }

    private (int Bytes, int Keys) After(Dictionary<string, KeyImage?> next)
    {
        var (bytes, count) = (Bytes, Keys);
        foreach (var (key, value) in next)
        {
            var there = keys.GetValueOrDefault(key);
            bytes += (value?.Bytes ?? 0) - (there?.Bytes ?? 0);
            count += (value is null ? 0 : 1) - (there is null ? 0 : 1);
        }

        return (bytes, count);
    }

    private SessionOutcome Keep(SessionChange change, Dictionary<string, KeyImage?> next, List<SessionConflict> conflicts)
    {
        (Bytes, Keys) = After(next);
        foreach (var (key, value) in next)
        {
            if (value is null)
            {
                keys.Remove(key);
                written.Remove(key);
                removed.Add(key);
            }
            else
            {
                keys[key] = value;
                written.Add(key);
                removed.Remove(key);
            }
        }

        if (next.Count > 0)
        {
            User = Deleted ? change.Writer.User : User;
            (Changed, Deleted) = (true, false);
            Version++;
        }

        return new SessionOutcome(null, Version, conflicts);
    }
}
