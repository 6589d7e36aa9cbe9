using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace AgentSystem.Tests.Architecture;

/// <summary>Packages: one place for versions, a written reason for each, and nothing that names where they are fetched.</summary>
internal static partial class PackageRules
{
    private const string Central = "Directory.Packages.props";

    /// <summary>Restored alone and outside the central versions, to learn whether a feed has these exact versions; it reads them from eng/Aspire.props.</summary>
    private const string Probe = "eng/AspireProbe.proj";

    public static IEnumerable<string> CheckVersions(IEnumerable<SourceFile> files) =>
        from file in MsBuild(files)
        where file.Path is not (Central or Probe)
        from element in XDocument.Parse(file.Text).Descendants()
        where (element.Name.LocalName.EndsWith("PackageReference", StringComparison.Ordinal)
               && (element.Attribute("Version") ?? element.Attribute("VersionOverride") ?? (object?)element.Element("Version")) is not null)
              || element.Name.LocalName == "PackageVersion"
        select $"{file.Path}: {element.Attribute("Include")?.Value} carries a version.";

    /// <summary>Packages that the record of dependencies does not name.</summary>
    public static IEnumerable<string> CheckReasons(IEnumerable<SourceFile> files, SourceFile record) =>
        from file in MsBuild(files)
        from package in ProjectFile.PackagesIn(XDocument.Parse(file.Text)).Distinct(StringComparer.Ordinal)
        where !record.Text.Contains($"`{package}`", StringComparison.Ordinal)
        select $"{package} ({file.Path}) is not in {record.Path}.";

    /// <summary>Packages in the record that nothing references.</summary>
    public static IEnumerable<string> CheckStale(IEnumerable<SourceFile> files, SourceFile record)
    {
        var used = MsBuild(files).SelectMany(file => ProjectFile.PackagesIn(XDocument.Parse(file.Text))).ToHashSet(StringComparer.Ordinal);
        return Row().Matches(record.Text).SelectMany(row => Quoted().Matches(row.Groups["first"].Value)).Select(match => match.Groups["package"].Value)
            .Where(package => !used.Contains(package)).Select(package => $"{record.Path}: nothing references {package}.");
    }

    /// <summary>Where packages come from is the machine's affair: a file that names a registry works on one machine only.</summary>
    public static IEnumerable<string> CheckRegistries(IEnumerable<SourceFile> files) =>
        from file in files
        from Match match in Registry().Matches(file.Text)
        select $"{file.Path}: names the registry {match.Value}.";

    private static IEnumerable<SourceFile> MsBuild(IEnumerable<SourceFile> files) =>
        files.Where(file => Path.GetExtension(file.Path) is ".csproj" or ".props" or ".targets" or ".proj");

    [GeneratedRegex(@"https?://[\w.@:-]*(?:nuget|npm|pypi|pythonhosted|artifactory|jfrog|nexus|proget|registry|verdaccio|pkgs\.)[\w.-]*[^\s""'<>)]*|""resolved""\s*:\s*""https?:[^""]*", RegexOptions.IgnoreCase)]
    private static partial Regex Registry();

    [GeneratedRegex(@"^\|(?<first>[^|]*`[^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"`(?<package>[\w.]+)`")]
    private static partial Regex Quoted();
}
