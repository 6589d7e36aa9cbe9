using AgentSystem.Contracts.Security;
using AgentSystem.Contracts.Usage;

namespace AgentSystem.Tests.Harness;

/// <summary>Requests for tests.</summary>
internal static class Facts
{
    public static RequestUsage Usage(string id, DateTimeOffset at, string tenant = Tenants.Default) => new(
        RequestId: id, Tenant: tenant, KeyId: "key", User: "u1", Agent: "assistant", AgentVersion: 1, AgentType: "assistant", Model: "small", Instance: "i-1",
        At: at, Status: 200, Outcome: "success", Cache: "miss", Streamed: true, InputTokens: 10, OutputTokens: 5, CostUsd: 0.25m,
        DurationMs: 120.5, FirstTokenMs: 40.25, OverheadMs: 3.5, Attempts: 2, Quality: "passed", Tools: [new ToolUse("calculator", "success", 0.5)]);
}
