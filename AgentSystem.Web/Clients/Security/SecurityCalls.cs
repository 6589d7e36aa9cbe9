using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Security;

namespace AgentSystem.Web.Clients.Security;

/// <summary>Verdicts, incidents, containment, intelligence, and the screening of a text.</summary>
internal sealed class SecurityCalls(ApiTransport transport)
{
    private const string Root = "/api/v1/security";

    public Task<ApiResult<VerdictsView>> VerdictsAsync(CancellationToken cancellation) => transport.GetAsync<VerdictsView>(Root + "/verdicts", cancellation);

    public Task<ApiResult<ScreenedTexts>> ScreenAsync(ScreenText text, CancellationToken cancellation) => transport.PostAsync<ScreenedTexts>(Root + "/screen", new ScreenTexts([text]), cancellation);

    public Task<ApiResult<ListPage<IncidentView>>> IncidentsAsync(string? status, string? cursor, CancellationToken cancellation) =>
        transport.GetAsync<ListPage<IncidentView>>(ApiCall.With(Root + "/incidents", ("status", status), ("cursor", cursor)), cancellation);

    public Task<ApiResult<IncidentEvidence>> EvidenceAsync(string id, CancellationToken cancellation) => transport.GetAsync<IncidentEvidence>(Incident(id) + "/evidence", cancellation);

    public Task<ApiResult<IncidentView>> ContainAsync(string id, ContainIncident how, CancellationToken cancellation) => transport.PostAsync<IncidentView>(Incident(id) + "/contain", how, cancellation);

    public Task<ApiResult<IncidentView>> ResolveAsync(string id, ResolveIncident how, CancellationToken cancellation) => transport.PostAsync<IncidentView>(Incident(id) + "/resolve", how, cancellation);

    public Task<ApiResult<ListPage<ContainmentView>>> ContainmentsAsync(CancellationToken cancellation) => transport.GetAllAsync<ContainmentView>(Root + "/containments", cancellation);

    public Task<ApiResult<ContainmentView>> PlaceAsync(PlaceContainment containment, CancellationToken cancellation) => transport.PostAsync<ContainmentView>(Root + "/containments", containment, cancellation);

    public Task<ApiResult<ContainmentView>> KillAsync(PullKillSwitch kill, CancellationToken cancellation) => transport.PostAsync<ContainmentView>(Root + "/kill-switch", kill, cancellation);

    public Task<ApiFailure?> LiftAsync(string id, CancellationToken cancellation) => transport.DeleteAsync($"{Root}/containments/{Uri.EscapeDataString(id)}", cancellation);

    public Task<ApiResult<ListPage<IndicatorView>>> IntelligenceAsync(string? cursor, CancellationToken cancellation) =>
        transport.GetAsync<ListPage<IndicatorView>>(ApiCall.With(Root + "/intelligence", ("cursor", cursor)), cancellation);

    public Task<ApiResult<IntelligenceImported>> ImportAsync(ImportIntelligence import, CancellationToken cancellation) => transport.PostAsync<IntelligenceImported>(Root + "/intelligence", import, cancellation);

    public Task<ApiFailure?> RemoveIndicatorAsync(string id, CancellationToken cancellation) => transport.DeleteAsync($"{Root}/intelligence/{Uri.EscapeDataString(id)}", cancellation);

    public Task<ApiFailure?> RemoveSourceAsync(string source, CancellationToken cancellation) => transport.DeleteAsync(ApiCall.With(Root + "/intelligence", ("source", source)), cancellation);

    private static string Incident(string id) => $"{Root}/incidents/{Uri.EscapeDataString(id)}";
}
