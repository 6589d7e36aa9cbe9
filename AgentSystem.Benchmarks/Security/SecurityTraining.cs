using AgentSystem.Runtime.Security.Screening.Injection;

namespace AgentSystem.Benchmarks.Security;

/// <summary>The command <c>train-security</c>: trains on the development texts and the project's own phrases, writes the weights, and reports what texts got from models that did not know their clusters.</summary>
internal static class SecurityTraining
{
    /// <summary>The folder of the models, their trainer's phrases and the evaluation set.</summary>
    public static string Folder { get; } = Path.Combine(Checkout.Root, "models", "injection-linear");

    private const int Seed = 11;

    /// <summary>Trains, writes <c>weights.bin</c> and reports.</summary>
    /// <exception cref="InvalidOperationException">AGENTSYSTEM_CORPUS does not lead to the development texts.</exception>
    public static Task<Report> RunAsync(CancellationToken cancellation)
    {
        var (model, heldOut) = Train();
        using (var file = File.Create(Path.Combine(Folder, "weights.bin")))
        {
            model.Write(file);
        }

        return Task.FromResult(Describe(model, heldOut));
    }

    /// <summary>Trains without writing.</summary>
    public static (InjectionModel Model, IReadOnlyList<HeldOut> HeldOut) Train() =>
        new TrainSecurity(SecurityCorpus.Folder ?? throw new InvalidOperationException("Set AGENTSYSTEM_CORPUS to the folder that holds \"security\" with the development texts."), Path.Combine(Folder, "trainer"), Seed).Train();

    /// <summary>Share of rows that the thresholds flag, 0 to 1.</summary>
    public static double Flagged(InjectionModel model, IEnumerable<HeldOut> rows, bool documents)
    {
        var limits = model.Thresholds[documents ? 2 : 0];
        return rows.Average(row => row.Request > limits.Request || row.Segment > limits.Segment || row.Harm > limits.Harm ? 1d : 0d);
    }

    private static Report Describe(InjectionModel model, IReadOnlyList<HeldOut> heldOut) => new(
        "train-security",
        "five models each trained without a fifth of the clusters score that fifth; thresholds from the harmless ones; the shipped model is trained on everything",
        ["texts", "rows", "flagged %"],
        [
            .. from row in heldOut
               let documents = row.Row.File is "attacks_indirect" or "benign_documents" || row.Row.Class.EndsWith("_document", StringComparison.Ordinal)
               group row by (Name: $"{row.Row.File}: {(row.Row.File == "harmful_requests" ? row.Row.Source : row.Row.Class)}{(row.Row.NeedsContext ? ", only beside its application" : "")}{(row.Row.Weak ? ", harmless task" : "")}", documents) into rows
               orderby rows.Key.Name
               select (IReadOnlyList<object>)[rows.Key.Name, rows.Count(), 100 * Flagged(model, rows, rows.Key.documents)],
        ],
        [$"thresholds of users: {model.Thresholds[0]}", $"thresholds of documents and tools: {model.Thresholds[2]}"]);
}
