using System.Text;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Security.Audit.Tree;

/// <summary>The second place of the roots: a file that is only ever appended to (<see cref="AuditOptions.RootsPath"/>).</summary>
internal sealed class RootsFile(IOptions<AuditOptions> options)
{
    /// <summary>Null where there is none.</summary>
    public string? Path { get; } = string.IsNullOrWhiteSpace(options.Value.RootsPath) ? null : options.Value.RootsPath;

    /// <summary>Its roots in the order they were written; a line that is none is null.</summary>
    public async Task<IReadOnlyList<AuditRoot?>> ReadAsync(CancellationToken cancellation)
    {
        if (Path is null || !File.Exists(Path))
        {
            return [];
        }

        using var reader = new StreamReader(new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite), Encoding.UTF8);
        return await AuditLines.RootsAsync(reader, cancellation);
    }

    /// <summary>Adds roots and has them on the disk when it returns.</summary>
    /// <exception cref="IOException">It cannot be written, or another process is writing it.</exception>
    public async Task AppendAsync(IEnumerable<AuditRoot> roots, CancellationToken cancellation)
    {
        if (Path is null)
        {
            return;
        }

        var file = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows())
        {
            file.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var stream = new FileStream(Path, file);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(roots.Select(static root => AuditLines.Write(root) + "\n"))), cancellation);
        stream.Flush(flushToDisk: true);
    }
}
