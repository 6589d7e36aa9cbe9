using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace AgentSystem.ServiceDefaults.Startup;

/// <summary>A section of the configuration and the class it is read into.</summary>
/// <param name="Name">Such as <c>Caching:InProcess</c>.</param>
/// <param name="Options">A class with a constructor without parameters; its public properties with a setter are the settings.</param>
public sealed record SettingsSection(string Name, Type Options);

/// <summary>
/// Checks whole sections: names that do not exist, values that cannot be read, values out of range. The framework's binder passes over unknown names in silence
/// and stops at the first value it cannot read; here all of them are told.
/// </summary>
public static class SettingsSections
{
    /// <summary>Every mistake in <paramref name="sections"/>, each with its place and its cure.</summary>
    public static IEnumerable<string> Check(IConfiguration configuration, IReadOnlyCollection<SettingsSection> sections)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(sections);
        return sections.SelectMany(section => CheckOne(configuration.GetSection(section.Name), section, sections));
    }

    private static IEnumerable<string> CheckOne(IConfigurationSection entries, SettingsSection section, IReadOnlyCollection<SettingsSection> sections)
    {
        var members = section.Options.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(static member => member.SetMethod is { IsPublic: true }).ToArray();
        foreach (var entry in entries.GetChildren())
        {
            // A section inside this one has a class, and so a check, of its own.
            if (sections.Any(other => Same(other.Name, $"{section.Name}:{entry.Key}")))
            {
                continue;
            }

            if (Array.Find(members, member => Same(member.Name, entry.Key)) is not { } member)
            {
                yield return $"{entry.Path}: there is no such setting. Known are {string.Join(", ", members.Select(static known => known.Name))}.";
            }
            else if (entry.Value is null)
            {
                foreach (var deeper in entry.GetChildren())
                {
                    yield return $"{deeper.Path}: there is no such setting. {entry.Path} is one value.";
                }
            }
            else if (Mistake(member, entry.Value, entry.Path) is { } mistake)
            {
                yield return mistake;
            }
        }
    }

    private static string? Mistake(PropertyInfo member, string text, string path)
    {
        var type = Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType;
        var converter = TypeDescriptor.GetConverter(type);
        // As the binder has it: nothing is nothing where a setting may be absent.
        if (type != member.PropertyType && text.Length == 0)
        {
            return null;
        }

        if (!converter.IsValid(text))
        {
            return $"{path} is \"{text}\": write {Form(type)}.";
        }

        var value = converter.ConvertFromInvariantString(text);
        foreach (var rule in member.GetCustomAttributes<ValidationAttribute>())
        {
            if (!rule.IsValid(value))
            {
                return rule is RangeAttribute range
                    ? $"{path} is {text}: give {Write(range.Minimum)} to {Write(range.Maximum)}."
                    : $"{path} is \"{text}\": {rule.FormatErrorMessage(member.Name)}";
            }
        }

        return null;
    }

    private static string Form(Type type) =>
        type == typeof(bool) ? "true or false"
        : type == typeof(TimeSpan) ? "a time as hh:mm:ss"
        : type == typeof(int) || type == typeof(long) ? "a whole number"
        : type == typeof(double) || type == typeof(decimal) ? "a number"
        : type.IsEnum ? string.Join(", ", Enum.GetNames(type))
        : $"a value of {type.Name}";

    private static string Write(object limit) => Convert.ToString(limit, CultureInfo.InvariantCulture) ?? "";

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
