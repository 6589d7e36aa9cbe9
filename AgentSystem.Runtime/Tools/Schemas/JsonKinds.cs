using System.Text.Json;

namespace AgentSystem.Runtime.Tools.Schemas;

/// <summary>The types of JSON Schema, several at once.</summary>
[Flags]
internal enum JsonKinds
{
    /// <summary>None is named: any.</summary>
    None = 0,

    /// <summary>Text.</summary>
    String = 1,

    /// <summary>Any number.</summary>
    Number = 2,

    /// <summary>A number without a fraction; 1.0 is one (JSON Schema 2020-12, validation, 6.1.1).</summary>
    Integer = 4,

    /// <summary>True or false.</summary>
    Boolean = 8,

    /// <summary>Null.</summary>
    Null = 16,

    /// <summary>An object.</summary>
    Object = 32,

    /// <summary>An array.</summary>
    Array = 64,
}

/// <summary>What kinds are called, and what a value is.</summary>
internal static class JsonKind
{
    private static readonly (string Name, JsonKinds Kind, string Words)[] Known =
    [
        ("string", JsonKinds.String, "a text"), ("number", JsonKinds.Number, "a number"), ("integer", JsonKinds.Integer, "a whole number"), ("boolean", JsonKinds.Boolean, "true or false"),
        ("null", JsonKinds.Null, "null"), ("object", JsonKinds.Object, "an object"), ("array", JsonKinds.Array, "a list"),
    ];

    /// <summary>The names a schema may use.</summary>
    public static string Names { get; } = string.Join(", ", Known.Select(static each => each.Name));

    /// <summary>The kind of a name; <see cref="JsonKinds.None"/> for one that is none.</summary>
    public static JsonKinds Of(string name) => Known.FirstOrDefault(each => each.Name == name).Kind;

    /// <summary>In words a model reads: "a text or null".</summary>
    public static string Words(JsonKinds kinds) => string.Join(" or ", Known.Where(each => kinds.HasFlag(each.Kind)).Select(static each => each.Words));

    /// <summary>True when the value is of one of the kinds.</summary>
    public static bool Is(JsonElement value, JsonKinds kinds) => kinds == JsonKinds.None || value.ValueKind switch
    {
        JsonValueKind.String => kinds.HasFlag(JsonKinds.String),
        JsonValueKind.Number => kinds.HasFlag(JsonKinds.Number) || (kinds.HasFlag(JsonKinds.Integer) && IsWhole(value)),
        JsonValueKind.True or JsonValueKind.False => kinds.HasFlag(JsonKinds.Boolean),
        JsonValueKind.Null => kinds.HasFlag(JsonKinds.Null),
        JsonValueKind.Object => kinds.HasFlag(JsonKinds.Object),
        JsonValueKind.Array => kinds.HasFlag(JsonKinds.Array),
        _ => false,
    };

    private static bool IsWhole(JsonElement value) => value.TryGetInt64(out _) || (value.TryGetDouble(out var number) && double.IsInteger(number));
}
