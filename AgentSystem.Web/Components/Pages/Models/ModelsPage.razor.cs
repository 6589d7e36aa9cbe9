using AgentSystem.Contracts.Models;
using AgentSystem.Web.Clients;
using Microsoft.AspNetCore.Components;

namespace AgentSystem.Web.Components.Pages.Models;

/// <summary>The configured models and how they do; asked for again every few seconds while the page is open.</summary>
public sealed partial class ModelsPage
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, ModelStatus> _status = new(StringComparer.Ordinal);
    private IReadOnlyList<ModelView>? _models;
    private ApiFailure? _failure;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    protected override async Task ArriveAsync()
    {
        using var timer = new PeriodicTimer(Interval, Time);
        do
        {
            await LoadAsync();
            StateHasChanged();
        }
        while (_failure?.IsKeyRefused != true && await timer.WaitForNextTickAsync(Left));
    }

    private async Task LoadAsync()
    {
        var models = await Api.Models.ListAsync(Left);
        _failure = models.Failure;
        if (!models.IsSuccess)
        {
            return;
        }

        _models = models.Value.Data;
        foreach (var answer in await Task.WhenAll(_models.Select(model => Api.Models.GetAsync(model.Name, Left))))
        {
            if (answer.IsSuccess)
            {
                _status[answer.Value.Model.Name] = answer.Value;
            }
            else
            {
                _failure = answer.Failure;
            }
        }
    }

    private void Keep(ModelStatus status) => _status[status.Model.Name] = status;
}
