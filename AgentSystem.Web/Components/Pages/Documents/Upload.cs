using AgentSystem.Contracts.Documents;
using AgentSystem.Web.Clients;

namespace AgentSystem.Web.Components.Pages.Documents;

/// <summary>How far a file has come.</summary>
public enum UploadState
{
    /// <summary>Another one is being sent.</summary>
    Waiting,

    /// <summary>Its bytes are on the way.</summary>
    Sending,

    /// <summary>The API has all of it and reads its text.</summary>
    Reading,

    /// <summary>It can be searched.</summary>
    Done,

    /// <summary>It cannot.</summary>
    Failed,
}

/// <summary>One file on its way.</summary>
public sealed class Upload(string name, long bytes)
{
    public string Name { get; } = name;

    /// <summary>Its size.</summary>
    public long Bytes { get; } = bytes;

    /// <summary>Bytes sent so far.</summary>
    public long Sent { get; private set; }

    public UploadState State { get; private set; }

    /// <summary>What became of it.</summary>
    public DocumentView? Document { get; private set; }

    /// <summary>False when the same bytes were there already: the document is that one.</summary>
    public bool IsNew { get; private set; }

    public ApiFailure? Failure { get; private set; }

    public bool InProgress => State is UploadState.Sending or UploadState.Reading;

    internal void Begin() => State = UploadState.Sending;

    internal void Take(int count)
    {
        Sent += count;
        State = Sent >= Bytes ? UploadState.Reading : UploadState.Sending;
    }

    internal void End(ApiResult<DocumentView> answer)
    {
        (Document, IsNew, Failure) = (answer.Value, answer.IsCreated, answer.Failure);
        State = answer.IsSuccess ? UploadState.Done : UploadState.Failed;
    }
}

/// <summary>A file that tells how much of it was read.</summary>
internal sealed class CountedStream(Stream inner, Action<int> onRead) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => inner.Length;

    public override long Position { get => inner.Position; set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await inner.ReadAsync(buffer, cancellationToken);
        onRead(count);
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A browser's file is read asynchronously only.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
