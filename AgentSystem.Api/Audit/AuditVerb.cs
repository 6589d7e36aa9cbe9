using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security.Audit;

namespace AgentSystem.Api.Audit;

/// <summary><c>audit verify --export FILE [--roots FILE] [--public-key FILE]</c>: verifies an export; no server, no database, no secret.</summary>
public static class AuditVerb
{
    private const string Usage = "audit verify --export FILE [--roots FILE] [--public-key FILE]";

    /// <summary>Runs it.</summary>
    /// <param name="arguments">What stands behind <c>audit</c>.</param>
    /// <param name="output">Where the result goes.</param>
    /// <param name="errors">Where mistakes of the call go.</param>
    /// <returns>0: nothing is wrong; 1: something is, and the first fault is named first; 2: the call itself was wrong.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter errors)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(errors);
        if (Read(arguments) is not { } files || !files.TryGetValue("--export", out var export))
        {
            await errors.WriteLineAsync($"Usage: {Usage}");
            return 2;
        }

        try
        {
            using var lines = File.OpenText(export);
            using var roots = files.TryGetValue("--roots", out var second) ? File.OpenText(second) : null;
            var key = files.TryGetValue("--public-key", out var pem) ? await File.ReadAllTextAsync(pem) : null;
            var came = await AuditExportVerifier.VerifyAsync(lines, roots, key, CancellationToken.None);
            await TellAsync(came, key is not null, output);
            return came.Valid ? 0 : 1;
        }
        catch (Exception mistake) when (mistake is IOException or UnauthorizedAccessException or ArgumentException or System.Security.Cryptography.CryptographicException)
        {
            await errors.WriteLineAsync($"The audit log could not be verified: {mistake.Message} Usage: {Usage}");
            return 2;
        }
    }

    private static async Task TellAsync(AuditVerification came, bool ownKey, TextWriter output)
    {
        foreach (var problem in came.Problems)
        {
            await output.WriteLineAsync($"{problem.Kind}: {problem.Where}: {problem.Details}");
        }

        await output.WriteLineAsync(
            $"{(came.Valid ? "The audit log is whole" : "THE AUDIT LOG IS NOT WHOLE")}: {came.Entries} entries in {came.Streams} chains ({came.Withheld} of other tenants by their hashes only), "
            + $"{came.SignedEntries} under {came.Roots} signed roots, {(came.SecondPlace is { } elsewhere ? $"{elsewhere} roots of the second place agree or are named above" : "no second place was given")}.");
        if (!ownKey)
        {
            await output.WriteLineAsync("The signatures were checked with the key in the export itself; give --public-key, kept from elsewhere, to know that it is yours.");
        }
    }

    private static Dictionary<string, string>? Read(IReadOnlyList<string> arguments)
    {
        if (arguments.Count % 2 == 0 || arguments[0] != "verify")
        {
            return null;
        }

        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in arguments.Skip(1).Chunk(2))
        {
            if (pair[0] is not ("--export" or "--roots" or "--public-key") || !files.TryAdd(pair[0], pair[1]))
            {
                return null;
            }
        }

        return files;
    }
}
