using System.Security.Cryptography;

namespace AgentSystem.AppHost.Embedded;

/// <summary>
/// The folder that holds everything a system without containers remembers. One process at a time has it: the operating
/// system holds the lock and lets go of it when the process ends, however it ends.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    /// <summary>The variable that names the folder.</summary>
    public const string Variable = "AGENTSYSTEM_DATA";

    /// <summary>The variable that holds the root secret, instead of the file in the folder.</summary>
    public const string RootKeyVariable = "AGENTSYSTEM_ROOT_KEY";

    private const int RootKeyBytes = 32;

    // flock's "would block" on Linux and on macOS, and Windows' sharing violation: somebody else has the lock.
    private static readonly int[] HeldByAnother = [11, 35, unchecked((int)0x80070020)];

    private readonly FileStream held;

    private DataFolder(string path, FileStream held) => (Path, this.held) = (path, held);

    public string Path { get; }

    /// <summary><see cref="Variable"/>, or <c>.agentsystem</c> beside the solution this was built from, or in the working folder.</summary>
    public static string Locate(string? asked)
    {
        if (!string.IsNullOrWhiteSpace(asked))
        {
            return System.IO.Path.GetFullPath(asked);
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "AgentSystem.sln")))
            {
                return System.IO.Path.Combine(folder.FullName, ".agentsystem");
            }
        }

        return System.IO.Path.GetFullPath(".agentsystem");
    }

    /// <summary>Makes the folder when it is absent and takes its lock.</summary>
    /// <exception cref="CannotStartException">It cannot be written, or another process has it.</exception>
    public static DataFolder Open(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            return new DataFolder(path, new FileStream(System.IO.Path.Combine(path, "lock"), new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                Options = FileOptions.DeleteOnClose,
            }));
        }
        catch (IOException taken) when (HeldByAnother.Contains(taken.HResult))
        {
            throw new CannotStartException($"Another AgentSystem uses the data folder {path}: stop it, or set {Variable} to another folder.", taken);
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"The data folder {path} cannot be written ({refusal.Message}): set {Variable} to a folder this user may write.", refusal);
        }
    }

    /// <summary>The secret every other secret derives from: as given, or from the folder's file of mode 0600, made at the first start.</summary>
    public string RootKey(string? given)
    {
        if (!string.IsNullOrWhiteSpace(given))
        {
            return given;
        }

        var file = System.IO.Path.Combine(Path, "root.key");
        if (!File.Exists(file))
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            // Renamed when whole: a start that is killed in between must not leave half a secret behind.
            var unfinished = $"{file}.{Environment.ProcessId}";
            using (var writer = new StreamWriter(unfinished, options))
            {
                writer.Write(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RootKeyBytes)));
            }

            File.Move(unfinished, file);
        }

        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (UnauthorizedAccessException refusal)
        {
            throw new CannotStartException($"The root secret {file} cannot be read: start as the user who made the folder, or set {Variable} to another folder.", refusal);
        }
    }

    public void Dispose() => held.Dispose();
}
