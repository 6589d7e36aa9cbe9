namespace AgentSystem.Runtime.Documents.PdfPig;

/// <summary>
/// What one PDF may cost, counted on the thread that reads it. Once something is too much, everything is: the parser may swallow an exception, but not the refusal kept here.
/// </summary>
internal sealed class PdfBudget(int maxCharacters, CancellationToken stop)
{
    /// <summary>Largest stream, unpacked. The text of a page is far smaller; pictures are not unpacked at all.</summary>
    public const long MaxStreamBytes = 16 * 1024 * 1024;

    /// <summary>All streams together, unpacked.</summary>
    private const long MaxAllBytes = 512L * 1024 * 1024;

    /// <summary>
    /// Most operations of one page that show text, those of its forms included. Each costs some ten microseconds, and packed a hundred thousand of them are a few kilobytes; a page for
    /// people has some thousand.
    /// </summary>
    private const int MaxShowings = 50_000;

    /// <summary>What the reading thread may allocate in all, live or not.</summary>
    private const long MaxAllocated = 8L * 1024 * 1024 * 1024;

    private readonly long allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
    private long unpacked;
    private long characters;
    private int showings;

    /// <summary>Null while the document keeps to its limits.</summary>
    public DocumentRefusal? Refusal { get; private set; }

    /// <summary>Counts the characters of a glyph. Blanks between words are often no glyphs: the text may get a little longer than this.</summary>
    public void Shows(int more)
    {
        characters += more;
        Check(characters <= maxCharacters, DocumentRefusal.TooManyCharacters(maxCharacters));
    }

    /// <summary>A page begins.</summary>
    public void Turns()
    {
        showings = 0;
        Check();
    }

    /// <summary>Counts operations that show text, before they run.</summary>
    public void Runs(int more)
    {
        showings += more;
        Check(showings <= MaxShowings, DocumentRefusal.TooSlow);
    }

    /// <summary>Counts the bytes a stream will have.</summary>
    public void Unpacks(long bytes)
    {
        unpacked += bytes;
        Check(bytes <= MaxStreamBytes && unpacked <= MaxAllBytes, DocumentRefusal.TooSlow);
    }

    /// <summary>Asks whether one page's content, packed, is of a size that a page has.</summary>
    public void Reads(long contentBytes) => Check(contentBytes <= MaxStreamBytes, DocumentRefusal.TooSlow);

    /// <summary>Throws when a limit was reached or the time is up.</summary>
    public void Check() => Check(GC.GetAllocatedBytesForCurrentThread() - allocatedBefore <= MaxAllocated, DocumentRefusal.TooSlow);

    private void Check(bool within, DocumentRefusal refusal)
    {
        stop.ThrowIfCancellationRequested();
        Refusal ??= within ? null : refusal;
        if (Refusal is not null)
        {
            throw new OperationCanceledException(Refusal.Code);
        }
    }
}
