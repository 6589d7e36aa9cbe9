using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentSystem.Contracts.Json;

namespace AgentSystem.Tests.Architecture;

/// <summary>The reference of settings, written from the options classes: their docstrings, defaults and ranges. A class belongs to it when its docstring names its section.</summary>
internal static partial class SettingsReference
{
    public const string Document = "docs/configuration.md";
    public const string Catalogue = "AgentSystem.Api/Platform/settings.json";

    private const string Begin = "<!-- written from the options classes; docs/development.md says how -->";
    private const string End = "<!-- end of what is written from the options classes -->";

    private static readonly JsonSerializerOptions Indented = new(PlatformJson.Options) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IReadOnlyList<Setting> Read(IEnumerable<SourceFile> sources) =>
        [.. from source in sources
            where source.Name.EndsWith("Options.cs", StringComparison.Ordinal)
            let section = Section().Match(source.Text)
            where section.Success
            let type = FindType(source)
            from setting in Settings(section.Groups["name"].Value, type, source.Text)
            orderby setting.Name.Split(':')[0], setting.Name.Count(letter => letter == ':')
            select setting];

    /// <summary>The document with its generated part replaced.</summary>
    public static string Rewrite(string document, IEnumerable<Setting> settings)
    {
        var (begin, end) = (document.IndexOf(Begin, StringComparison.Ordinal), document.IndexOf(End, StringComparison.Ordinal));
        Assert.True(begin >= 0 && end > begin, $"{Document} has lost the two comments that enclose the generated part.");
        var rows = settings.Select(setting => $"| `{setting.Name}` | {(setting.Default.Length == 0 ? "none" : $"`{setting.Default}`")} | {setting.Range} | {setting.Meaning} |");
        return document[..(begin + Begin.Length)] + "\n\n| setting | default | range | meaning |\n|---|---|---|---|\n" + string.Join("\n", rows) + "\n\n" + document[end..];
    }

    public static string Json(IEnumerable<Setting> settings) =>
        JsonSerializer.Serialize(settings.Select(setting => new { setting.Name, setting.Default, Meaning = setting.Meaning.Replace("`", "", StringComparison.Ordinal) }), Indented) + "\n";

    private static IEnumerable<Setting> Settings(string section, Type type, string text)
    {
        var defaults = Activator.CreateInstance(type)!;
        foreach (Match match in Member().Matches(text))
        {
            var property = type.GetProperty(match.Groups["name"].Value)!;
            yield return new Setting($"{section}:{property.Name}", Write(property.GetValue(defaults)), Limits(property), Plain(match.Groups["meaning"].Value));
        }
    }

    private static Type FindType(SourceFile source)
    {
        var name = Path.GetFileNameWithoutExtension(source.Name);
        return Assembly.Load(source.Project!).GetTypes().Single(type => type.Name == name);
    }

    private static string Limits(PropertyInfo property) =>
        property.GetCustomAttribute<RangeAttribute>() is { } range ? $"{Write(range.Minimum)} to {Write(range.Maximum)}" : "";

    private static string Write(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        string text => text,
        System.Collections.IEnumerable list => string.Join(", ", list.Cast<object>()),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static string Plain(string summary)
    {
        var text = Comment().Replace(summary, " ");
        text = See().Replace(text, match => "`" + match.Groups["name"].Value.Split('.')[^1] + "`");
        text = text.Replace("<c>", "`", StringComparison.Ordinal).Replace("</c>", "`", StringComparison.Ordinal);
        text = text.Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal);
        return Blanks().Replace(text, " ").Trim().TrimEnd('.');
    }

    [GeneratedRegex(@"Section <c>(?<name>[\w:]+)</c>")]
    private static partial Regex Section();

    // A docstring, the attributes under it, and a property that configuration can set.
    [GeneratedRegex(@"/// <summary>(?<meaning>(?:(?!</summary>)[\s\S])+)</summary>\s*(?:///[^\n]*\n\s*)*(?:\[[^\n]*\]\s*)*public\s+[\w<>,.?\[\] ]+?\s(?<name>[A-Z]\w*)\s*\{\s*get;\s*set;\s*\}")]
    private static partial Regex Member();

    [GeneratedRegex(@"\s*\n\s*///")]
    private static partial Regex Comment();

    [GeneratedRegex("<see cref=\"(?<name>[^\"]+)\"/>")]
    private static partial Regex See();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}

/// <summary>One setting of an options class.</summary>
internal sealed record Setting(string Name, string Default, string Range, string Meaning);
