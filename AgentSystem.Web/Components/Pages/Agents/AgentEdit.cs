using AgentSystem.Contracts.Agents;
using AgentSystem.Web.Clients;

namespace AgentSystem.Web.Components.Pages.Agents;

/// <summary>The editing of one agent: what was loaded, what was typed since, and what became of saving it.</summary>
public sealed class AgentEdit
{
    private string _loaded;
    private string? _theirs;

    private AgentEdit(AgentDraft draft, AgentVersionView? basedOn, string? seen) => (Draft, BasedOn, Seen, _loaded) = (draft, basedOn, seen, draft.Print());

    internal AgentDraft Draft { get; }

    /// <summary>The version it was made from; null for a new agent.</summary>
    public AgentVersionView? BasedOn { get; private set; }

    /// <summary>The agent's ETag when it was loaded or last saved; null for a new agent.</summary>
    public string? Seen { get; private set; }

    /// <summary>The agent as somebody else made it meanwhile; null while there is no race.</summary>
    public AgentVersionView? Overtaken { get; private set; }

    internal ApiFailure? Failure { get; private set; }

    /// <summary>Id of the field <see cref="Failure"/> is about; null when it is about none.</summary>
    public string? WrongField { get; private set; }

    public bool Busy { get; private set; }

    public bool IsNew => BasedOn is null;

    public bool IsChanged => Draft.Print() != _loaded;

    /// <param name="model">What a new agent thinks with, unless another is chosen.</param>
    public static AgentEdit New(string model) => new(new AgentDraft { Model = model }, null, null);

    /// <param name="seen">The ETag it came with.</param>
    public static AgentEdit Of(AgentVersionView agent, string? seen)
    {
        ArgumentNullException.ThrowIfNull(agent);
        return new AgentEdit(AgentDraft.Of(agent), agent, seen);
    }

    /// <summary>A new beginning from what somebody else made; only after being overtaken.</summary>
    public AgentEdit OfTheirs() => Of(Overtaken!, _theirs);

    /// <summary>Saves. Gives what was saved; null when it was not, and then what was typed is still there.</summary>
    /// <param name="regardless">Also over what somebody else saved meanwhile.</param>
    internal async Task<AgentVersionView?> SaveAsync(AgentSystemClient api, bool activate, bool regardless, CancellationToken cancellation)
    {
        if (Busy)
        {
            return null;
        }

        if (Draft.Problem() is { } problem)
        {
            (Failure, WrongField) = (new ApiFailure(0, "invalid", problem.Words), problem.Field);
            return null;
        }

        (Busy, Failure, WrongField) = (true, null, null);
        var saved = BasedOn is null
            ? await api.Agents.CreateAsync(Draft.ToRequest(), cancellation)
            : await api.Agents.AddVersionAsync(Draft.ToRequest(), activate, regardless ? _theirs ?? Seen : Seen, cancellation);
        if (saved.IsSuccess)
        {
            (BasedOn, Seen, Overtaken, _theirs, _loaded) = (saved.Value, saved.ETag, null, null, Draft.Print());
        }
        else if (saved.Failure.Status == StatusCodes.Status412PreconditionFailed)
        {
            var theirs = await api.Agents.GetAsync(Draft.Name, cancellation);
            (Overtaken, _theirs, Failure) = (theirs.Value, theirs.ETag, theirs.Failure);
        }
        else
        {
            (Failure, WrongField) = (AgentMembers.InLabels(saved.Failure), AgentMembers.FieldOf(saved.Failure.Member));
        }

        Busy = false;
        return saved.Value;
    }
}
