using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Documents;

/// <summary>
/// Runs a format over a file that nobody trusts: on a thread of its own with a deep stack, at most so many at once, for at most so long.
/// A parser that does not stop in time is left behind and keeps its place until it does, so that bombs cannot pile up.
/// </summary>
internal sealed partial class DocumentReading : IDisposable
{
    private const int StackBytes = 64 * 1024 * 1024;

    /// <summary>What the smallest file may take: a hundred times what an honest one does, on a busy machine.</summary>
    private static readonly TimeSpan LeastTime = TimeSpan.FromSeconds(5);

    /// <summary>What each megabyte adds: a small file that takes long is a bomb, and a bomb holds one of few places.</summary>
    private static readonly TimeSpan TimePerMegabyte = TimeSpan.FromSeconds(20);

    private readonly FrozenDictionary<string, IDocumentFormat> formats;
    private readonly DocumentsOptions options;
    private readonly TimeProvider time;
    private readonly ILogger<DocumentReading> log;
    private readonly SemaphoreSlim places;

    public DocumentReading(IEnumerable<IDocumentFormat> formats, IOptions<DocumentsOptions> options, TimeProvider time, ILogger<DocumentReading> log)
    {
        this.formats = formats.ToFrozenDictionary(format => format.MediaType, StringComparer.Ordinal);
        (this.options, this.time, this.log) = (options.Value, time, log);
        places = new SemaphoreSlim(this.options.Readers);
    }

    public async Task<Extraction> ReadAsync(string mediaType, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        if (!formats.TryGetValue(mediaType, out var format))
        {
            return new Extraction.Refused(new DocumentRefusal(415, "media_type_not_supported", $"{mediaType} is not supported; send one of {string.Join(", ", formats.Keys.Order(StringComparer.Ordinal))}."));
        }

        if (!await places.WaitAsync(options.MaxReadingTime, cancellation))
        {
            return new Extraction.Refused(DocumentRefusal.Busy);
        }

        var result = new TaskCompletionSource<Extraction>(TaskCreationOptions.RunContinuationsAsynchronously);
        // The thread owns the source: it may outlive this call.
        var patience = PatienceFor(content.Length);
        var stop = new CancellationTokenSource(patience, time);
        new Thread(() => Run(format, content, stop, result), StackBytes) { IsBackground = true, Name = "document reading" }.Start();
        try
        {
            // A little longer than the thread has, so that it can say by itself that it was too slow.
            return await result.Task.WaitAsync(patience * 1.5, time, cancellation);
        }
        catch (TimeoutException)
        {
            LeftBehind(mediaType);
            return new Extraction.Refused(DocumentRefusal.TooSlow);
        }
    }

    public void Dispose() => places.Dispose();

    private void Run(IDocumentFormat format, ReadOnlyMemory<byte> content, CancellationTokenSource stop, TaskCompletionSource<Extraction> result)
    {
        try
        {
            result.SetResult(Limited(format.Extract(content, options, stop.Token)));
        }
        catch (OperationCanceledException)
        {
            result.SetResult(new Extraction.Refused(DocumentRefusal.TooSlow));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A third party's parser may throw anything on a broken file; the file is the cause either way.
            ParserFailed(format.MediaType, e.GetType().Name);
            result.SetResult(new Extraction.Refused(DocumentRefusal.Unreadable(format.MediaType + " file", "open it in another program and save it again")));
        }
        catch (OutOfMemoryException)
        {
            result.SetResult(new Extraction.Refused(DocumentRefusal.TooSlow));
        }
        finally
        {
            stop.Dispose();
            places.Release();
        }
    }

    private TimeSpan PatienceFor(int bytes)
    {
        var bySize = LeastTime + (TimePerMegabyte * (bytes / 1_048_576.0));
        return bySize < options.MaxReadingTime ? bySize : options.MaxReadingTime;
    }

    private Extraction Limited(Extraction extraction) =>
        extraction is Extraction.Text text && text.Blocks.Sum(block => (long)block.Text.Length) > options.MaxCharacters
            ? new Extraction.Refused(DocumentRefusal.TooManyCharacters(options.MaxCharacters))
            : extraction;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The parser of {MediaType} failed with {Exception}; the document was refused.")]
    private partial void ParserFailed(string mediaType, string exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A parser of {MediaType} did not stop in time and was left behind; its place is free again when it ends.")]
    private partial void LeftBehind(string mediaType);
}
