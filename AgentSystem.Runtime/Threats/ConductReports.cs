using System.Globalization;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Threats.Conduct;
using AgentSystem.Runtime.Threats.Incidents;

namespace AgentSystem.Runtime.Threats;

/// <summary>Alarms in words, as incidents tell them.</summary>
internal static class ConductReports
{
    public static IncidentReport Of(ConductAlarm alarm) =>
        new(alarm.Subject.Tenant, alarm.Finding.Kind, alarm.Subject.Name, Severity(alarm.Finding.Kind), Words(alarm.Finding), alarm.RequestId, alarm.Figures);

    private static ScreenSeverity Severity(string kind) => kind switch
    {
        IncidentKinds.RepeatedBlocks or IncidentKinds.Scanning or IncidentKinds.CredentialGuessing or IncidentKinds.CostJump => ScreenSeverity.High,
        IncidentKinds.Failures or IncidentKinds.RateJump => ScreenSeverity.Medium,
        _ => ScreenSeverity.Low,
    };

    private static string Words(ConductFinding finding)
    {
        var value = finding.Value.ToString("0", CultureInfo.InvariantCulture);
        return finding.Kind switch
        {
            IncidentKinds.Scanning => $"About {value} different things were asked for in vain.",
            IncidentKinds.CredentialGuessing => $"About {value} different wrong credentials came from one address.",
            IncidentKinds.RepeatedBlocks => $"Inputs were refused {Math.Ceiling(finding.Value).ToString(CultureInfo.InvariantCulture)} times within minutes.",
            IncidentKinds.Failures => $"Most requests fail: about {value} within minutes.",
            IncidentKinds.Hammering => $"A limit refused about {value} requests within minutes, and they go on.",
            IncidentKinds.RateJump => $"Far more requests than usual: {finding.Value.ToString("0.0", CultureInfo.InvariantCulture)} deviations above the learned level.",
            _ => $"Far more money than usual: {finding.Value.ToString("0.0", CultureInfo.InvariantCulture)} deviations above the learned level.",
        };
    }
}
