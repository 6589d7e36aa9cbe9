using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentSystem.Runtime.Sessions;

/// <summary>
/// The join of two values in a semilattice: commutative, associative, idempotent, so that it does not matter who merges what in which order or how often.
/// Objects are united member by member. Equal lists stay; different ones become one list without doubles in one fixed order. Of two other values the greater stays:
/// texts by their characters' codes, numbers by size, true over false; between kinds null, boolean, number, text, list, object, in this order.
/// </summary>
internal static class SemanticMerge
{
    public static JsonNode? Join(JsonNode? one, JsonNode? other) => (one, other) switch
    {
        (JsonObject left, JsonObject right) => Unite(left, right),
        (JsonArray left, JsonArray right) => Unite(left, right),
        _ => (Compare(one, other) >= 0 ? one : other)?.DeepClone(),
    };

    private static JsonObject Unite(JsonObject left, JsonObject right)
    {
        var united = (JsonObject)left.DeepClone();
        foreach (var (name, value) in right)
        {
            united[name] = left.TryGetPropertyValue(name, out var there) ? Join(there, value) : value?.DeepClone();
        }

        return united;
    }

    private static JsonArray Unite(JsonArray left, JsonArray right)
    {
        // Equal means written alike: two ways to write one number would make the result depend on the order.
        if (CompareLists(left, right) == 0)
        {
            return (JsonArray)left.DeepClone();
        }

        var items = new SortedSet<JsonNode?>(Comparer<JsonNode?>.Create(Compare));
        items.UnionWith(left.Concat(right));
        return [.. items.Select(static item => item?.DeepClone())];
    }

    /// <summary>A total order over JSON in which only values written alike, but for the order of members, are equal.</summary>
    internal static int Compare(JsonNode? one, JsonNode? other)
    {
        var kinds = Rank(one).CompareTo(Rank(other));
        return kinds != 0 ? kinds : (one, other) switch
        {
            (JsonObject left, JsonObject right) => CompareObjects(left, right),
            (JsonArray left, JsonArray right) => CompareLists(left, right),
            (JsonValue left, JsonValue right) => CompareScalars(left, right),
            _ => 0,
        };
    }

    private static int CompareScalars(JsonValue left, JsonValue right)
    {
        if (left.GetValueKind() == JsonValueKind.String)
        {
            return string.CompareOrdinal(left.GetValue<string>(), right.GetValue<string>());
        }

        var (one, other) = (left.ToJsonString(), right.ToJsonString());
        var sizes = left.GetValueKind() == JsonValueKind.Number ? Size(one).CompareTo(Size(other)) : 0;
        return sizes != 0 ? sizes : string.CompareOrdinal(one, other);
    }

    private static double Size(string number) => double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static int CompareLists(JsonArray left, JsonArray right) =>
        left.Zip(right, Compare).FirstOrDefault(static order => order != 0) is var first and not 0 ? first : left.Count.CompareTo(right.Count);

    private static int CompareObjects(JsonObject left, JsonObject right)
    {
        var (ours, theirs) = (Sorted(left), Sorted(right));
        foreach (var (one, other) in ours.Zip(theirs))
        {
            var names = string.CompareOrdinal(one.Key, other.Key);
            if (names == 0)
            {
                names = Compare(one.Value, other.Value);
            }

            if (names != 0)
            {
                return names;
            }
        }

        return ours.Count.CompareTo(theirs.Count);
    }

    private static List<KeyValuePair<string, JsonNode?>> Sorted(JsonObject members) => [.. members.OrderBy(static member => member.Key, StringComparer.Ordinal)];

    private static int Rank(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => 0,
        JsonValueKind.False => 1,
        JsonValueKind.True => 2,
        JsonValueKind.Number => 3,
        JsonValueKind.String => 4,
        JsonValueKind.Array => 5,
        _ => 6,
    };
}
