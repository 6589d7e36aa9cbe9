using AgentSystem.Contracts.Documents;
using AgentSystem.Web.Clients;
using AgentSystem.Web.Clients.Documents;
using AgentSystem.Web.Components.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;

namespace AgentSystem.Web.Components.Pages.Documents;

/// <summary>Takes files by drop or choice and sends them one after the other; each says what became of it.</summary>
public sealed partial class UploadBox : IDisposable
{
    private const int MostFiles = 100;

    /// <summary>Often enough to see it move.</summary>
    private const int RepaintBytes = 256 * 1024;

    private readonly CancellationTokenSource _left = new();
    private readonly List<Upload> _uploads = [];
    private string? _agent;

    /// <summary>Called after each document that was added.</summary>
    [Parameter]
    public EventCallback<DocumentView> OnAdded { get; set; }

    [Inject]
    private AgentSystemClient Api { get; set; } = null!;

    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
    }

    private async Task TakeAsync(InputFileChangeEventArgs chosen)
    {
        if (chosen.FileCount > MostFiles)
        {
            var none = new Upload($"{chosen.FileCount} files", 0);
            none.End(new ApiFailure(0, "too_many_files", $"At most {MostFiles} files at once; send them in several goes."));
            _uploads.Insert(0, none);
            return;
        }

        var agent = _agent;
        var files = chosen.GetMultipleFiles(MostFiles).Select(static file => (File: file, Upload: new Upload(file.Name, file.Size))).ToArray();
        // The newest on top; what became of those before stays to be read until the page is left.
        _uploads.InsertRange(0, files.Select(static pair => pair.Upload));
        foreach (var (file, upload) in files)
        {
            await SendAsync(file, upload, agent);
        }
    }

    private async Task SendAsync(IBrowserFile file, Upload upload, string? agent)
    {
        if (file.Size > DocumentCalls.LargestFile)
        {
            upload.End(new ApiFailure(0, "file_too_large", $"It is {Bytes.InWords(file.Size)}; at most 20 MB can be taken. Split it, or send its text alone."));
            return;
        }

        if (file.Size == 0)
        {
            upload.End(new ApiFailure(0, "file_empty", "The file is empty: there is nothing in it to find."));
            return;
        }

        upload.Begin();
        StateHasChanged();
        var painted = 0L;
        try
        {
            await using var stream = new CountedStream(file.OpenReadStream(DocumentCalls.LargestFile, _left.Token), count =>
            {
                upload.Take(count);
                if (upload.Sent - painted >= RepaintBytes || upload.Sent >= upload.Bytes)
                {
                    painted = upload.Sent;
                    _ = InvokeAsync(StateHasChanged);
                }
            });
            upload.End(await Api.Documents.UploadAsync(stream, file.Name, file.ContentType, agent, _left.Token));
        }
        catch (Exception error) when (error is IOException or Microsoft.JSInterop.JSException)
        {
            upload.End(new ApiFailure(0, "file_unreadable", "The browser could not read the file to its end. Was it moved or changed? Choose it again."));
        }

        if (upload.Document is { } document)
        {
            await OnAdded.InvokeAsync(document);
        }

        StateHasChanged();
    }
}
