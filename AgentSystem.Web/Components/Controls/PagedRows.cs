using AgentSystem.Contracts.Json;
using AgentSystem.Web.Clients;

namespace AgentSystem.Web.Components.Controls;

/// <summary>A list seen page by page. The API gives a cursor for the next page only; the way back is remembered here.</summary>
internal sealed class PagedRows<T>(Func<string?, CancellationToken, Task<ApiResult<ListPage<T>>>> ask) : IPages
{
    private readonly Stack<string?> _before = new();
    private string? _here;
    private string? _next;
    private int _asked;

    /// <summary>The rows of this page; null until the first answer.</summary>
    public IReadOnlyList<T>? Rows { get; private set; }

    public ApiFailure? Failure { get; private set; }

    public int Number => _before.Count + 1;

    public bool HasNext => _next is not null;

    public bool HasPrevious => _before.Count > 0;

    public Task FirstAsync(CancellationToken cancellation) => GoAsync(null, _before.Clear, cancellation);

    public Task AgainAsync(CancellationToken cancellation) => GoAsync(_here, static () => { }, cancellation);

    public Task NextAsync(CancellationToken cancellation)
    {
        var here = _here;
        return GoAsync(_next, () => _before.Push(here), cancellation);
    }

    public Task PreviousAsync(CancellationToken cancellation) => GoAsync(_before.Peek(), () => _before.Pop(), cancellation);

    /// <summary>Asks for a page. An answer that was overtaken by a later question is dropped: who types fast must not see an older search.</summary>
    /// <param name="turn">What changes about the place in the list, once the page is there.</param>
    private async Task GoAsync(string? cursor, Action turn, CancellationToken cancellation)
    {
        var number = ++_asked;
        var page = await ask(cursor, cancellation);
        if (number != _asked)
        {
            return;
        }

        Failure = page.Failure;
        if (page.IsSuccess)
        {
            turn();
            (Rows, _here, _next) = (page.Value.Data, cursor, page.Value.NextCursor);
        }
    }
}

/// <summary>Where one is in a list.</summary>
public interface IPages
{
    /// <summary>Starts at 1.</summary>
    int Number { get; }

    bool HasNext { get; }

    bool HasPrevious { get; }

    Task NextAsync(CancellationToken cancellation);

    Task PreviousAsync(CancellationToken cancellation);
}
