using System.Globalization;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Security;

namespace AgentSystem.Web.Clients.Audit;

/// <summary>Who did what and what was refused, and what proves it.</summary>
internal sealed class AuditCalls(ApiTransport transport)
{
    private const string Root = "/api/v1/security/audit";

    /// <summary>Looking at every entry there is takes its time.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    public Task<ApiResult<ListPage<AuditEntryView>>> ListAsync(AuditQuestion question, string? cursor, CancellationToken cancellation) =>
        transport.GetAsync<ListPage<AuditEntryView>>(
            ApiCall.With(Root, ("actor", question.Actor), ("action", question.Action), ("object", question.Target), ("decision", question.Decision), ("from", Day(question.From)), ("to", Day(question.To?.AddDays(1))), ("cursor", cursor)), cancellation);

    public Task<ApiResult<AuditEntryProof>> FindAsync(string id, CancellationToken cancellation) => transport.GetAsync<AuditEntryProof>($"{Root}/{Uri.EscapeDataString(id)}", cancellation);

    public Task<ApiResult<AuditVerification>> VerifyAsync(CancellationToken cancellation) => transport.SendAsync<AuditVerification>(new ApiCall(HttpMethod.Get, Root + "/verify") { Limit = Long }, cancellation);

    public Task<ApiResult<AuditKeyView>> KeyAsync(CancellationToken cancellation) => transport.GetAsync<AuditKeyView>(Root + "/key", cancellation);

    /// <summary>The export as it comes; the caller disposes of the answer.</summary>
    public Task<ApiResult<HttpResponseMessage>> ExportAsync(CancellationToken cancellation) => transport.OpenAsync(new ApiCall(HttpMethod.Get, Root + "/export"), cancellation);

    private static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd'T'00:00:00'Z'", CultureInfo.InvariantCulture);
}

/// <summary>Which entries are wanted; what is empty asks for nothing.</summary>
internal sealed record AuditQuestion(string Actor = "", string Action = "", string Target = "", string Decision = "", DateOnly? From = null, DateOnly? To = null);
