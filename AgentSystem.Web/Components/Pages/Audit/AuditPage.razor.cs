using AgentSystem.Contracts.Security;
using AgentSystem.Web.Clients;
using AgentSystem.Web.Clients.Audit;
using AgentSystem.Web.Components.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace AgentSystem.Web.Components.Pages.Audit;

/// <summary>The audit log: browsed, narrowed, verified and exported.</summary>
public sealed partial class AuditPage
{
    private PagedRows<AuditEntryView> _entries = null!;
    private AuditQuestion _question = new();
    private AuditVerification? _verified;
    private ApiFailure? _failure;
    private KeyNames _keys = KeyNames.None;
    private string _actor = "", _action = "", _target = "", _decision = "";
    private DateOnly? _from, _to;
    private bool _verifying, _exporting;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    [Inject]
    private IJSRuntime Browser { get; set; } = null!;

    protected override void OnInitialized()
    {
        base.OnInitialized();
        _entries = new PagedRows<AuditEntryView>((cursor, cancellation) => Api.Audit.ListAsync(_question, cursor, cancellation));
    }

    protected override async Task ArriveAsync()
    {
        _keys = await KeyNames.LoadAsync(Api, Left);
        await _entries.FirstAsync(Left);
    }

    private Task SearchAsync()
    {
        _question = new AuditQuestion(_actor.Trim(), _action.Trim(), _target.Trim(), _decision, _from, _to);
        return _entries.FirstAsync(Left);
    }

    private async Task VerifyAsync()
    {
        (_verifying, _verified) = (true, null);
        var verified = await Api.Audit.VerifyAsync(Left);
        (_verifying, _verified, _failure) = (false, verified.Value, verified.Failure);
    }

    private async Task ExportAsync()
    {
        _exporting = true;
        var export = await Api.Audit.ExportAsync(Left);
        _failure = export.Failure;
        if (export.IsSuccess)
        {
            using var answer = export.Value;
            using var lines = new DotNetStreamReference(await answer.Content.ReadAsStreamAsync(Left));
            await Browser.InvokeVoidAsync("agentsystem.download", Left, "audit-export.jsonl", "application/jsonl", lines);
        }

        _exporting = false;
    }
}
