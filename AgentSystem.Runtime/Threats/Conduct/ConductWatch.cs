using AgentSystem.Contracts.Security;

namespace AgentSystem.Runtime.Threats.Conduct;

/// <summary>An alarm about a subject, told once and then at most every <see cref="ConductWatch.Silence"/> while it lasts.</summary>
internal sealed record ConductAlarm(ConductSubject Subject, ConductFinding Finding, string? RequestId, IReadOnlyDictionary<string, double> Figures);

/// <summary>
/// Watches what subjects do, those that did something last: memory is bounded, whoever makes up subjects pushes out other made-up ones first, because a subject that goes on is at the front again.
/// One lock: what happens under it takes a microsecond.
/// </summary>
internal sealed class ConductWatch(ConductThresholds thresholds, int capacity, TimeProvider time)
{
    /// <summary>How long an alarm is not repeated.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(10);

    private const string AddressMark = "address:";

    private readonly Lock gate = new();
    private readonly Dictionary<ConductSubject, LinkedListNode<Watched>> subjects = [];
    private readonly LinkedList<Watched> recent = [];

    /// <summary>Subjects remembered.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return subjects.Count;
            }
        }
    }

    /// <summary>Takes in what happened and gives the alarms it raised, usually none.</summary>
    /// <param name="subject">Who.</param>
    /// <param name="happened">What.</param>
    /// <param name="shared">True for a key that named a user: it speaks for several.</param>
    public IReadOnlyList<ConductAlarm> Take(ConductSubject subject, in ConductEvent happened, bool shared = false)
    {
        var now = time.GetUtcNow();
        lock (gate)
        {
            var watched = Find(subject);
            watched.IsShared |= shared;
            watched.State.Take(happened, now);
            List<ConductAlarm>? alarms = null;
            foreach (var finding in watched.State.Findings(now, watched.IsShared))
            {
                if (finding.Score >= .5 && Tells(watched, finding.Kind, now))
                {
                    (alarms ??= []).Add(new ConductAlarm(subject, finding, happened.RequestId, watched.State.Figures(now)));
                }
            }

            return alarms ?? [];
        }
    }

    /// <summary>Remembers for <see cref="Silence"/> how sure a list is of the address a subject came from last; 0 forgets it.</summary>
    public void Mark(ConductSubject subject, double confidence)
    {
        lock (gate)
        {
            if (confidence == 0 && !subjects.ContainsKey(subject))
            {
                return;
            }

            var watched = Find(subject);
            (watched.Listed, watched.ListedAt) = (confidence, time.GetUtcNow());
        }
    }

    /// <summary>True when nothing of that kind was told of a subject within <see cref="Silence"/>: however often it happens, an incident is reported that often at most.</summary>
    public bool MayTell(ConductSubject subject, string kind)
    {
        lock (gate)
        {
            return Tells(Find(subject), kind, time.GetUtcNow());
        }
    }

    /// <summary>What speaks against a subject at the moment; nothing for one that is not known.</summary>
    /// <returns>Behaviour: what it does. Anomaly: how far that is from what it usually does. Listed: how sure a list is of the address it came from. Each from 0 to 1.</returns>
    public (double Behaviour, double Anomaly, double Listed) Suspicion(ConductSubject subject)
    {
        var now = time.GetUtcNow();
        lock (gate)
        {
            if (!subjects.TryGetValue(subject, out var node))
            {
                return (0, 0, 0);
            }

            var (behaviour, anomaly) = (0.0, 0.0);
            foreach (var finding in node.Value.State.Findings(now, node.Value.IsShared))
            {
                if (finding.Kind is IncidentKinds.RateJump or IncidentKinds.CostJump)
                {
                    anomaly = Math.Max(anomaly, finding.Score);
                }
                else
                {
                    behaviour = Math.Max(behaviour, finding.Score);
                }
            }

            return (behaviour, anomaly, now - node.Value.ListedAt < Silence ? node.Value.Listed : 0);
        }
    }

    /// <summary>The counters of a subject; empty for one that is not known.</summary>
    public IReadOnlyDictionary<string, double> Figures(ConductSubject subject)
    {
        lock (gate)
        {
            return subjects.TryGetValue(subject, out var node) ? node.Value.State.Figures(time.GetUtcNow()) : new Dictionary<string, double>();
        }
    }

    /// <summary>Keys and users whose profile is not known to be the kept one yet; each is given once.</summary>
    public IReadOnlyList<ConductSubject> Unread(int most)
    {
        lock (gate)
        {
            List<Watched> unread = [.. recent.Where(static watched => !watched.IsRead).Take(most)];
            unread.ForEach(static watched => watched.IsRead = true);
            return [.. unread.Select(static watched => watched.Subject)];
        }
    }

    /// <summary>Gives a subject the profile that was kept of it.</summary>
    public void Remember(ConductSubject subject, ConductProfile kept)
    {
        lock (gate)
        {
            if (subjects.TryGetValue(subject, out var node))
            {
                node.Value.State.Remember(kept);
            }
        }
    }

    /// <summary>Profiles that have changed since they were taken last.</summary>
    public IReadOnlyList<(ConductSubject Subject, ConductProfile Profile)> Learned(int most)
    {
        lock (gate)
        {
            List<Watched> learned = [.. recent.Where(static watched => watched.IsRead && watched.State.HasLearned && !IsAddress(watched.Subject)).Take(most)];
            learned.ForEach(static watched => watched.State.HasLearned = false);
            return [.. learned.Select(static watched => (watched.Subject, watched.State.Profile))];
        }
    }

    private static bool IsAddress(ConductSubject subject) => subject.Name.StartsWith(AddressMark, StringComparison.Ordinal);

    private static bool Tells(Watched watched, string kind, DateTimeOffset now)
    {
        if (watched.Told.TryGetValue(kind, out var told) && now - told < Silence)
        {
            return false;
        }

        watched.Told[kind] = now;
        return true;
    }

    private Watched Find(ConductSubject subject)
    {
        if (subjects.TryGetValue(subject, out var node))
        {
            recent.Remove(node);
            recent.AddFirst(node);
            return node.Value;
        }

        if (subjects.Count >= capacity && recent.Last is { } oldest)
        {
            recent.RemoveLast();
            subjects.Remove(oldest.Value.Subject);
        }

        // An address says nothing of who is behind it tomorrow: nothing is learned of it.
        var watched = new Watched(subject, new ConductState(thresholds)) { IsRead = IsAddress(subject) };
        subjects[subject] = recent.AddFirst(watched);
        return watched;
    }

    private sealed class Watched(ConductSubject subject, ConductState state)
    {
        public ConductSubject Subject => subject;

        public ConductState State => state;

        public Dictionary<string, DateTimeOffset> Told { get; } = new(StringComparer.Ordinal);

        public bool IsShared { get; set; }

        public double Listed { get; set; }

        public DateTimeOffset ListedAt { get; set; }

        public bool IsRead { get; set; }
    }
}
