using AgentSystem.Contracts.Agents;
using AgentSystem.Web.Clients;

namespace AgentSystem.Web.Components.Pages.Agents;

/// <summary>The editing of one agent: what was loaded, what was typed since, and what became of saving it.</summary>
public sealed class AgentEdit
{
    private string _loaded;

    private AgentEdit(AgentDraft draft, AgentVersionView? basedOn) => (Draft, BasedOn, _loaded) = (draft, basedOn, draft.Print());

    internal AgentDraft Draft { get; }

    /// <summary>The version it was made from; null for a new agent.</summary>
    public AgentVersionView? BasedOn { get; private set; }

    /// <summary>The agent as somebody else made it meanwhile; null while there is no race.</summary>
    public AgentVersionView? Overtaken { get; private set; }

    internal ApiFailure? Failure { get; private set; }

    public bool Busy { get; private set; }

    public bool IsNew => BasedOn is null;

    public bool IsChanged => Draft.Print() != _loaded;

    /// <param name="model">What a new agent thinks with, unless another is chosen.</param>
    public static AgentEdit New(string model) => new(new AgentDraft { Model = model }, null);

    public static AgentEdit Of(AgentVersionView agent)
    {
        ArgumentNullException.ThrowIfNull(agent);
        return new AgentEdit(AgentDraft.Of(agent), agent);
    }

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
            Failure = new ApiFailure(0, "invalid", problem);
            return null;
        }

        (Busy, Failure) = (true, null);
        var seen = regardless ? Overtaken ?? BasedOn : BasedOn;
        var saved = seen is null
            ? await api.Agents.CreateAsync(Draft.ToRequest(), cancellation)
            : await api.Agents.AddVersionAsync(Draft.ToRequest(), activate, seen, cancellation);
        if (saved.IsSuccess)
        {
            (BasedOn, Overtaken, _loaded) = (saved.Value, null, Draft.Print());
        }
        else if (saved.Failure.Status == StatusCodes.Status412PreconditionFailed)
        {
            var theirs = await api.Agents.GetAsync(Draft.Name, cancellation);
            (Overtaken, Failure) = (theirs.Value, theirs.Failure);
        }
        else
        {
            Failure = saved.Failure;
        }

        Busy = false;
        return saved.Value;
    }
}
