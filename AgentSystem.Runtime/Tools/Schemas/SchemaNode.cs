using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentSystem.Runtime.Tools.Schemas;

/// <summary>One schema within a tool's schema, read and checked.</summary>
internal sealed class SchemaNode
{
    /// <summary>What a value may be; none: anything.</summary>
    public JsonKinds Kinds { get; init; }

    /// <summary>What the member means; shown when it is wrong.</summary>
    public string? Description { get; init; }

    /// <summary>The values there are; null: any.</summary>
    public IReadOnlyList<JsonElement>? Values { get; init; }

    /// <summary>Bounds of a number.</summary>
    public NumberBounds? Numbers { get; init; }

    /// <summary>Bounds of a text.</summary>
    public TextBounds? Texts { get; init; }

    /// <summary>What a list holds; null: anything.</summary>
    public SchemaNode? Items { get; init; }

    /// <summary>Bounds of a list's length.</summary>
    public ListBounds? Lists { get; init; }

    /// <summary>Members, in their order; null: an object without a plan, which may hold anything.</summary>
    public IReadOnlyList<KeyValuePair<string, SchemaNode>>? Members { get; init; }

    /// <summary>Members that must be there.</summary>
    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>What members beside <see cref="Members"/> must be; null: there may be none.</summary>
    public SchemaNode? Others { get; init; }

    /// <summary>One of these must fit, or exactly one.</summary>
    public IReadOnlyList<SchemaNode>? Choices { get; init; }

    /// <summary>Whether exactly one of <see cref="Choices"/> must fit.</summary>
    public bool OnlyOne { get; init; }

    /// <summary>The definition this stands for, by its pointer.</summary>
    public string? Reference { get; init; }

    /// <summary>A value the schema gives as an example or default.</summary>
    public JsonElement? Example { get; init; }

    /// <summary>The member of that name, or what members without a plan must be; null: there may be none.</summary>
    public SchemaNode? Member(string name)
    {
        foreach (var member in Members ?? [])
        {
            if (member.Key == name)
            {
                return member.Value;
            }
        }

        return Members is null ? Any : Others;
    }

    /// <summary>What allows everything.</summary>
    public static SchemaNode Any { get; } = new();
}

/// <summary>Bounds of a number; null: none.</summary>
internal sealed record NumberBounds(double? Least, double? Most, double? Above, double? Below, double? Step);

/// <summary>Bounds of a text; lengths in characters as JSON Schema counts them, by code points.</summary>
internal sealed record TextBounds(int? Shortest, int? Longest, Regex? Pattern, string? Format);

/// <summary>Bounds of a list.</summary>
internal sealed record ListBounds(int? Fewest, int? Most, bool Unique);
