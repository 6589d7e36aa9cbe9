using System.Text;
using AgentSystem.Api.Http;
using AgentSystem.Runtime.Security.Audit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Audit;

/// <summary><c>GET /api/v1/security/audit/export</c>: line by line, however long the log is.</summary>
internal static class ExportAudit
{
    /// <summary>Lines of JSON.</summary>
    public const string MediaType = "application/jsonl";

    private const string FileName = "audit-export.jsonl";

    public static PushStreamHttpResult Handle(HttpContext http, AuditProofs proofs, CancellationToken cancellation)
    {
        var tenant = http.Caller().Tenant;
        return TypedResults.Stream(
            async body =>
            {
                await using var writer = new StreamWriter(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };
                await foreach (var line in proofs.ExportAsync(tenant, cancellation))
                {
                    await writer.WriteLineAsync(line.AsMemory(), cancellation);
                }
            },
            MediaType,
            FileName);
    }
}
