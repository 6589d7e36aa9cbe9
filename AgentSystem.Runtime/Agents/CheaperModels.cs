using AgentSystem.Contracts.Models;
using AgentSystem.Runtime.Budgets;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Agents;

/// <summary>Which models may answer where a budget is too small for the one that was asked for.</summary>
internal static class CheaperModels
{
    private const string NoPrice = "none";

    /// <summary>
    /// The agent's own fallbacks, or else the model's, or else every configured model that answers conversations; of these the ones that cost less for this call than the model that was asked for,
    /// the cheapest first. One whose price nobody knows is not cheap but unknown, unless it runs here.
    /// </summary>
    public static IReadOnlyList<ModelEntry> Of(AgentRun run, IModelDirectory? models, IReadOnlyCollection<ChatMessage> conversation, ChatOptions? options)
    {
        if (models is null)
        {
            return [];
        }

        var media = conversation.Any(static message => message.Contents.Any(static content => content is DataContent or UriContent));
        var bound = TokenBound.Of(conversation, options, 0);
        var asked = ModelPrice.Cost(run.Model.View, bound);
        var names = run.Agent.Fallbacks ?? run.Model.View.Fallbacks ?? [.. models.Models.Where(static model => model.Kind == ModelKind.Chat).Select(static model => model.Name)];
        return
        [
            .. names.Distinct(StringComparer.OrdinalIgnoreCase)
                .Select(name => models.TryGet(name, out var model) ? model : null).OfType<ModelEntry>()
                .Where(model => model.View.Name != run.Model.View.Name && !(media && model.TextOnly) && (model.View.PriceSource != NoPrice || model.TextOnly))
                .Select(model => (Model: model, Cost: ModelPrice.Cost(model.View, bound)))
                .Where(each => each.Cost < asked).OrderBy(static each => each.Cost).ThenBy(static each => each.Model.View.Name, StringComparer.Ordinal)
                .Select(static each => each.Model),
        ];
    }
}
