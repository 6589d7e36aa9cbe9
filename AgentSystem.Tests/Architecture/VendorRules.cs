using System.Text.RegularExpressions;

namespace AgentSystem.Tests.Architecture;

/// <summary>Code of a vendor lives in a folder that bears the vendor's name: delete the folder, lose the vendor.</summary>
internal static class VendorRules
{
    /// <param name="Root">First words of the vendor's namespaces.</param>
    /// <param name="Folder">The folder name that may use them.</param>
    internal sealed record Vendor(string Root, string Folder);

    /// <param name="Path">A file, or a folder with a slash at its end.</param>
    /// <param name="Root">The vendor it may use.</param>
    /// <param name="Reason">Why it is not in the vendor's folder.</param>
    internal sealed record Exception(string Path, string Root, string Reason);

    public static IReadOnlyList<Vendor> Vendors { get; } =
    [
        new("Npgsql", "Postgres"),
        new("Microsoft.EntityFrameworkCore", "Postgres"),
        new("StackExchange.Redis", "Redis"),
        new("Garnet", "Garnet"),
        new("Qdrant", "Qdrant"),
        new("Microsoft.ML.OnnxRuntime", "Onnx"),
        new("Microsoft.ML.OnnxRuntimeGenAI", "OnnxGenAI"),
        new("OpenAI", "OpenAI"),
        new("k8s", "Kubernetes"),
        new("Grpc", "Grpc"),
        new("ProtoBuf", "Grpc"),
        new("AngleSharp", "AngleSharp"),
        new("UglyToad", "PdfPig"),
        new("Cronos", "Cronos"),
        new("ModelContextProtocol", "Mcp"),
        new("Hangfire", "Hangfire"),
        new("MudBlazor", "AgentSystem.Web"),
        new("OpenTelemetry", "Telemetry"),
        new("Polly", "Resilience"),
        new("Scalar", "AgentSystem.Api"),
        new("Aspire", "AgentSystem.AppHost"),
    ];

    public static IReadOnlyList<Exception> Exceptions { get; } =
    [
        new("AgentSystem.ServiceDefaults/Stores/", "Npgsql", "The one place that connects to the stores, for both worlds."),
        new("AgentSystem.ServiceDefaults/Stores/", "Microsoft.EntityFrameworkCore", "AddDatabase() is part of that one place."),
        new("AgentSystem.ServiceDefaults/Stores/", "StackExchange.Redis", "The one place that connects to the stores, for both worlds."),
        new("AgentSystem.ServiceDefaults/Stores/", "Qdrant", "The one place that connects to the stores, for both worlds."),
        new("AgentSystem.Api/Hosting/FirstStart.cs", "Npgsql", "Hands the one data source to both planes' migrations, under one lock, before the host starts."),
        new("AgentSystem.ServiceDefaults/Startup/StartFailure.cs", "Npgsql", "Says in one line what the driver's exception means at start, with the cure."),
        new("AgentSystem.ServiceDefaults/Stores/", "Aspire", "AspireStores.cs is the Aspire half of AddStores()."),
    ];

    public static IEnumerable<string> Check(IReadOnlyCollection<SourceFile> sources)
    {
        var ours = sources.SelectMany(source => Declarations.TypesIn(source.Code)).ToHashSet(StringComparer.Ordinal);
        foreach (var source in sources)
        {
            foreach (var vendor in Vendors.Where(vendor => !source.Folders.Contains(vendor.Folder) && Uses(source.Code, vendor.Root, ours)))
            {
                if (!Exceptions.Any(exception => exception.Root == vendor.Root && Covers(exception.Path, source.Path)))
                {
                    yield return $"{source.Path}: uses {vendor.Root} outside a folder named {vendor.Folder}.";
                }
            }
        }
    }

    private static bool Covers(string exception, string path) => exception.EndsWith('/') ? path.StartsWith(exception, StringComparison.Ordinal) : path == exception;

    /// <summary>True for a using directive and for a qualified name, unless the name is of a type of ours in a folder that bears the vendor's name.</summary>
    private static bool Uses(string code, string root, HashSet<string> ours) =>
        Regex.IsMatch(code, $@"\busing\s+(?:static\s+|\w+\s*=\s*)?(?:global::)?{Regex.Escape(root)}\s*[.;]")
        || Regex.Matches(code, $@"(?<![\w.]){Regex.Escape(root)}\.(?<name>[A-Z]\w*)").Any(match => !ours.Contains(match.Groups["name"].Value));
}
