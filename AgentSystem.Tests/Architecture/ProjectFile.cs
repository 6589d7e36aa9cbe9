using System.Xml.Linq;

namespace AgentSystem.Tests.Architecture;

/// <summary>What a project file says it uses.</summary>
internal sealed record ProjectFile(string Path, string Name, IReadOnlySet<string> Projects, IReadOnlySet<string> Packages)
{
    public static ProjectFile Parse(SourceFile file)
    {
        var document = XDocument.Parse(file.Text);
        return new ProjectFile(
            file.Path,
            System.IO.Path.GetFileNameWithoutExtension(file.Path),
            Includes(document, "ProjectReference").Select(include => System.IO.Path.GetFileNameWithoutExtension(include.Replace('\\', '/'))).ToHashSet(StringComparer.Ordinal),
            PackagesIn(document).ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>Packages named by any kind of package item (<c>PackageReference</c> or one that becomes it), in any MSBuild file.</summary>
    public static IEnumerable<string> PackagesIn(XDocument document) =>
        document.Descendants().Where(element => element.Name.LocalName.EndsWith("PackageReference", StringComparison.Ordinal))
            .Select(element => (string?)element.Attribute("Include")).OfType<string>()
            .SelectMany(includes => includes.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Where(include => !include.Contains('(', StringComparison.Ordinal));

    private static IEnumerable<string> Includes(XDocument document, string element) =>
        document.Descendants(element).Select(reference => (string?)reference.Attribute("Include")).OfType<string>();
}
