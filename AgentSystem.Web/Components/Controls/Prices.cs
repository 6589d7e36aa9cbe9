using AgentSystem.Web.Clients;

namespace AgentSystem.Web.Components.Controls;

/// <summary>Which models have a price. Calls of one without are counted as $0 by the API, which must not be shown as if they were free. Asked once for a circuit.</summary>
internal sealed class Prices(AgentSystemClient api)
{
    private const string None = "none";

    private HashSet<string>? _unpriced;
    private Task? _asking;

    /// <summary>False until the API has told; then every cost is shown as it is counted.</summary>
    public bool AreKnown => _unpriced is not null;

    /// <summary>Asks, unless it was answered before.</summary>
    public Task LearnAsync() => AreKnown ? Task.CompletedTask : _asking is { IsCompleted: false } asking ? asking : _asking = AskAsync();

    /// <summary>Whether what calls of <paramref name="model"/> cost cannot be told.</summary>
    public bool AreUnknownFor(string? model) => model is not null && _unpriced?.Contains(model) == true;

    private async Task AskAsync()
    {
        var models = await api.Models.ListAsync(CancellationToken.None);
        if (models.IsSuccess)
        {
            _unpriced = models.Value.Data.Where(static model => model.PriceSource == None).Select(static model => model.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        }
    }
}
