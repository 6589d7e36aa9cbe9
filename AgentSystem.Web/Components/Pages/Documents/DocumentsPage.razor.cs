using AgentSystem.Contracts.Documents;
using AgentSystem.Web.Clients;
using AgentSystem.Web.Components.Controls;
using Microsoft.AspNetCore.Components;

namespace AgentSystem.Web.Components.Pages.Documents;

/// <summary>The documents of the tenant: add, try, look through, delete.</summary>
public sealed partial class DocumentsPage
{
    private PagedRows<DocumentView> _documents = null!;
    private ApiFailure? _failure;
    private string _search = "";
    private string? _agent;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    private bool IsFiltered => _search.Length > 0 || _agent is not null;

    internal static string KindOf(DocumentView document) => document.MediaType switch
    {
        "application/pdf" => document.Pages is { } pages ? $"PDF, {pages} {(pages == 1 ? "page" : "pages")}" : "PDF",
        "text/markdown" => "Markdown",
        "text/html" => "HTML",
        "text/plain" => "Text",
        var other => other,
    };

    protected override void OnInitialized()
    {
        base.OnInitialized();
        _documents = new PagedRows<DocumentView>((cursor, cancellation) => Api.Documents.ListAsync(_search, _agent, cursor, cancellation));
    }

    protected override Task ArriveAsync() => _documents.FirstAsync(Left);

    private Task AgainAsync()
    {
        _failure = null;
        return _documents.AgainAsync(Left);
    }

    private Task SearchAsync(string words)
    {
        _search = words.Trim();
        return _documents.FirstAsync(Left);
    }

    private Task NarrowAsync(string? agent)
    {
        _agent = agent;
        return _documents.FirstAsync(Left);
    }

    private async Task DeleteAsync(DocumentView document)
    {
        if (!await AskDialog.AskAsync(Dialogs, "Delete the document", $"“{document.Title}” is removed, and agents do not find it any more.", "Delete", "Keep it"))
        {
            return;
        }

        _failure = await Api.Documents.DeleteAsync(document.Id, Left);
        if (_failure is null)
        {
            Note($"{document.Title} is deleted.");
            await _documents.AgainAsync(Left);
        }
    }
}
