using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentSystem.Runtime.Security.Audit.Tree;

/// <summary>Signs what was written: each minute, or after <see cref="Enough"/> entries of this process, one process at a time for all of them; and keeps the second place of the roots complete.</summary>
internal sealed partial class AuditRooter : BackgroundService
{
    /// <summary>Entries of this process after which it does not wait for the minute.</summary>
    public const int Enough = 1_000;

    private const int MostLeaves = 10_000, MostRoots = 1_000;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly IAuditTree tree;
    private readonly AuditSigner signer;
    private readonly RootsFile file;
    private readonly AuditTelemetry telemetry;
    private readonly TimeProvider time;
    private readonly ILogger<AuditRooter> log;
    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private int waiting;

    public AuditRooter(IAuditTree tree, AuditSigner signer, RootsFile file, ChainedAuditLog audit, AuditTelemetry telemetry, TimeProvider time, ILogger<AuditRooter> log)
    {
        (this.tree, this.signer, this.file, this.telemetry, this.time, this.log) = (tree, signer, file, telemetry, time, log);
        audit.Kept += count =>
        {
            if (Interlocked.Add(ref waiting, count) >= Enough)
            {
                wake.Writer.TryWrite(true);
            }
        };
    }

    /// <summary>Signs everything that is not signed yet.</summary>
    public async Task SignAsync(CancellationToken cancellation)
    {
        Interlocked.Exchange(ref waiting, 0);
        while (await tree.GrowAsync(Grow, MostLeaves, cancellation) is not null)
        {
            telemetry.Signed();
        }

        await CopyAsync(cancellation);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            await Task.WhenAny(Task.Delay(Interval, time, enough.Token), wake.Reader.ReadAsync(enough.Token).AsTask());
            await enough.CancelAsync();
            if (!stoppingToken.IsCancellationRequested)
            {
                await TryAsync(stoppingToken);
            }
        }
    }

    private async Task TryAsync(CancellationToken cancellation)
    {
        try
        {
            await SignAsync(cancellation).WaitAsync(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // What is not signed now, the next process signs.
        }
        catch (Exception exception)
        {
            // Whatever it is, a tree that was tampered with included: entries are written all the same, and verify says what is wrong.
            LogUnsigned(exception);
        }
    }

    private AuditGrowth Grow(MerkleEdge edge, IReadOnlyList<AuditLeaf> leaves)
    {
        var nodes = new List<(MerkleNode, byte[])>();
        foreach (var leaf in leaves)
        {
            edge.Add(MerkleTree.Leaf(leaf.Hash), (node, hash) => nodes.Add((node, hash)));
        }

        return new AuditGrowth(leaves, nodes, signer.Sign(edge.Size, edge.Root(), AuditBody.Time(time.GetUtcNow())));
    }

    /// <summary>Whatever process signed: what the file does not have yet is appended. A file that knows of a root the database does not have is left as it is, and said aloud.</summary>
    private async Task CopyAsync(CancellationToken cancellation)
    {
        if (file.Path is null)
        {
            return;
        }

        var last = (await file.ReadAsync(cancellation)).LastOrDefault(static root => root is not null);
        if (last is not null && !(await tree.RootsAsync(last.Size - 1, 1, cancellation)).Any(root => root.Size == last.Size && root.Hash.AsSpan().SequenceEqual(last.Hash)))
        {
            LogRolledBack(last.Size, file.Path);
            return;
        }

        for (var behind = last?.Size ?? 0; await tree.RootsAsync(behind, MostRoots, cancellation) is { Count: > 0 } roots; behind = roots[^1].Size)
        {
            await file.AppendAsync(roots, cancellation);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Audit entries could not be signed, or their roots not copied; the next attempt follows")]
    private partial void LogUnsigned(Exception exception);

    [LoggerMessage(LogLevel.Critical, "The audit log was rolled back or written anew: the database does not have the signed root over {Size} entries that {Path} has. GET /api/v1/security/audit/verify says more; no root is copied until the file is put aside")]
    private partial void LogRolledBack(long size, string path);
}
