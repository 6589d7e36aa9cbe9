using System.Globalization;
using AgentSystem.Contracts.Models;
using AgentSystem.Contracts.Tools;
using AgentSystem.Web.Components.Pages.Tools;
using Microsoft.AspNetCore.Components;

namespace AgentSystem.Web.Components.Pages.Agents;

/// <summary>The fields of an agent.</summary>
public sealed partial class AgentForm
{
    [Parameter, EditorRequired]
    public AgentEdit Edit { get; set; } = null!;

    /// <summary>Called after every change.</summary>
    [Parameter]
    public EventCallback OnChanged { get; set; }

    /// <summary>The models of this installation; empty until they are known.</summary>
    [Parameter]
    public IReadOnlyList<ModelView> Models { get; set; } = [];

    /// <summary>The tools of the platform and the tenant; empty until they are known.</summary>
    [Parameter]
    public IReadOnlyList<ToolView> Tools { get; set; } = [];

    /// <summary>Text beyond what can be saved is kept to be shortened, up to where it would burden the browser's circuit.</summary>
    private const int MostTyped = 4 * AgentDraft.LongestInstructions;

    private AgentDraft Draft => Edit.Draft;

    private bool IsTooLong => Draft.Instructions.Length > AgentDraft.LongestInstructions;

    private bool IsNew => Edit.IsNew;

    /// <summary>A model the agent names is offered even where it is not configured any more: choosing another is the person's decision.</summary>
    private IReadOnlyList<string> ModelNames =>
        [.. Models.Where(static model => model.Kind == ModelKind.Chat).Select(static model => model.Name).Union(Draft.Model.Length > 0 ? [Draft.Model] : [])];

    /// <summary>What the agent has already stays offered, also where there is no such tool any more: taking it away is the person's decision.</summary>
    private IEnumerable<string> ToolNames => Tools.Where(static tool => tool.Callable).Select(static tool => tool.Name).Union(Draft.Tools);

    private string MeaningOf(string name) => Tools.FirstOrDefault(tool => tool.Name == name) switch
    {
        null => Tools.Count == 0 ? "" : "There is no such tool any more.",
        { State: not ToolState.Active } tool => $"{ToolWords.StateOf(tool.State)}. {tool.Description}",
        var tool => tool.Description,
    };

    private static string Whole(int count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private Task ChangedAsync() => OnChanged.InvokeAsync();

    private Task ToggleAsync(string tool, bool on)
    {
        Draft.Tools = [.. ToolNames.Where(known => known == tool ? on : Draft.Tools.Contains(known))];
        return ChangedAsync();
    }

    private Task GateAsync(bool gate)
    {
        Draft.Gate = gate;
        return ChangedAsync();
    }

    private string Describe(string name) => Models.FirstOrDefault(model => model.Name == name) switch
    {
        null => Models.Count == 0 ? name : $"{name} (not configured)",
        { Model: { } vendor } model when vendor != name => $"{name} · {model.Provider} {vendor}",
        var model => $"{name} · {model.Provider}",
    };
}
