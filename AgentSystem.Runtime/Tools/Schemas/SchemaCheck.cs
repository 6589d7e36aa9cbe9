using System.Globalization;
using System.Text.Json;

namespace AgentSystem.Runtime.Tools.Schemas;

/// <summary>One look at the arguments of a call. Each problem says which member, what is expected, what was found, and how it could look.</summary>
/// <param name="schema">The schema.</param>
/// <param name="quiet">True where only whether there is a problem counts, and not what: no sentences are made, which would in turn look at examples.</param>
internal sealed class SchemaCheck(ToolSchema schema, bool quiet = false)
{
    /// <summary>Most problems told: a model that reads more mends none.</summary>
    public const int Most = 5;

    // Choices within choices multiply; nobody's arguments need so many steps.
    private const int MostSteps = 20_000;
    private const int MostFound = 50;
    private const int Deepest = 64;

    private int steps;

    /// <summary>What is wrong; empty: nothing.</summary>
    public IReadOnlyList<string> Run(JsonElement arguments)
    {
        var found = new List<string>();
        Look(schema.Root, arguments, "", 0, found);
        return found.Count <= Most ? found : [.. found.Take(Most), $"and {found.Count - Most} more"];
    }

    /// <summary>True when a value fits one of the schema's parts.</summary>
    public bool Fits(SchemaNode node, JsonElement value) => Fits(node, value, 0);

    private bool Fits(SchemaNode node, JsonElement value, int depth)
    {
        var found = new List<string>();
        var part = new SchemaCheck(schema, quiet: true) { steps = steps };
        part.Look(node, value, "", depth, found);
        steps = part.steps;
        return found.Count == 0;
    }

    private void Look(SchemaNode node, JsonElement value, string at, int depth, List<string> found)
    {
        if (found.Count >= MostFound)
        {
            return;
        }

        if (++steps > MostSteps || depth > Deepest)
        {
            Tell(found, () => $"{SchemaWords.Place(at)} is nested too deeply, or has too many parts to be checked; make it smaller");
            return;
        }

        node = schema.Resolve(node);
        if (!JsonKind.Is(value, node.Kinds))
        {
            Wrong(node, value, at, JsonKind.Words(node.Kinds), found);
            return;
        }

        if (node.Values is { } values && !values.Any(each => JsonElement.DeepEquals(each, value)))
        {
            Wrong(node, value, at, values.Count == 1 ? SchemaWords.Value(values[0]) : $"one of {SchemaWords.List(values)}", found);
            return;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Number when node.Numbers is { } bounds && !InBounds(bounds, value.GetDouble()):
                Wrong(node, value, at, SchemaWords.Number(node.Kinds, bounds), found);
                break;
            case JsonValueKind.String when node.Texts is { } bounds && SchemaWords.Misfit(bounds, value.GetString()!) is { } expected:
                Wrong(node, value, at, expected, found);
                break;
            case JsonValueKind.Array:
                LookList(node, value, at, depth, found);
                break;
            case JsonValueKind.Object:
                LookObject(node, value, at, depth, found);
                break;
            default:
                break;
        }

        if (node.Choices is { } choices)
        {
            Choose(node, choices, value, at, depth, found);
        }
    }

    private void LookList(SchemaNode node, JsonElement value, string at, int depth, List<string> found)
    {
        var count = value.GetArrayLength();
        if (node.Lists is { } bounds && (count < bounds.Fewest || count > bounds.Most))
        {
            Tell(found, () => $"{SchemaWords.Place(at)} must have {SchemaWords.Between(bounds.Fewest, bounds.Most)} entries; it has {count.ToString(CultureInfo.InvariantCulture)}");
            return;
        }

        if (node.Lists is { Unique: true } && SchemaWords.Twice(value) is { } twice)
        {
            Tell(found, () => $"{SchemaWords.Place(at)} must not hold the same entry twice; it holds {SchemaWords.Value(twice)} twice");
        }

        if (node.Items is { } items)
        {
            var i = 0;
            foreach (var item in value.EnumerateArray())
            {
                Look(items, item, quiet ? at : $"{at}[{(i++).ToString(CultureInfo.InvariantCulture)}]", depth + 1, found);
            }
        }
    }

    private void LookObject(SchemaNode node, JsonElement value, string at, int depth, List<string> found)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            var place = SchemaWords.Within(at, member.Name);
            if (!seen.Add(member.Name))
            {
                Tell(found, () => $"{SchemaWords.Place(place)} is given twice; give it once");
            }
            else if (node.Member(member.Name) is { } of)
            {
                Look(of, member.Value, place, depth + 1, found);
            }
            else
            {
                Tell(found, () => SchemaWords.Unknown(place, member.Name, node.Members!.Select(static known => known.Key)));
            }
        }

        foreach (var name in node.Required.Where(name => !seen.Contains(name)))
        {
            var member = schema.Resolve(node.Member(name) ?? SchemaNode.Any);
            Tell(found, () => $"{SchemaWords.Place(SchemaWords.Within(at, name))} is missing{SchemaWords.Shape(member)}{SchemaWords.Such(new SchemaExample(schema).Of(member))}");
        }
    }

    private void Choose(SchemaNode node, IReadOnlyList<SchemaNode> choices, JsonElement value, string at, int depth, List<string> found)
    {
        var fitting = choices.Count(choice => Fits(choice, value, depth + 1));
        if (fitting == 1 || (fitting > 1 && !node.OnlyOne))
        {
            return;
        }

        if (fitting > 1)
        {
            Tell(found, () => $"{SchemaWords.Place(at)} fits {fitting.ToString(CultureInfo.InvariantCulture)} of the shapes it may have, and must fit one only");
            return;
        }

        // What was meant is told from its type: then the one shape's own problems say more than a list of shapes.
        var meant = choices.Select(schema.Resolve).Where(choice => JsonKind.Is(value, choice.Kinds) && choice.Kinds != JsonKinds.None).ToList();
        if (meant.Count == 1)
        {
            Look(meant[0], value, at, depth + 1, found);
            return;
        }

        var shapes = choices.Select(schema.Resolve).Select(SchemaWords.Kind).Distinct().ToList();
        Wrong(node, value, at, shapes.Count == 1 && choices.Count > 1 ? $"{shapes[0]} of one of {choices.Count} shapes" : string.Join(" or ", shapes), found);
    }

    private void Tell(List<string> found, Func<string> say)
    {
        if (found.Count == 0 || !quiet)
        {
            found.Add(quiet ? "" : say());
        }
    }

    private void Wrong(SchemaNode node, JsonElement value, string at, string expected, List<string> found) =>
        Tell(found, () => $"{SchemaWords.Place(at)} must be {expected}{SchemaWords.About(node)}; it is {SchemaWords.Found(value)}{SchemaWords.Such(new SchemaExample(schema).Of(node))}");

    /// <summary>True when a number lies within its bounds.</summary>
    public static bool InBounds(NumberBounds bounds, double number) =>
        !(number < bounds.Least || number > bounds.Most || number <= bounds.Above || number >= bounds.Below || (bounds.Step is { } step && !IsMultiple(number, step)));

    /// <summary>Within the rounding of doubles: 0.3 is a multiple of 0.1.</summary>
    private static bool IsMultiple(double number, double step) => Math.Abs((number / step) - Math.Round(number / step)) < 1e-9 * Math.Max(1, Math.Abs(number / step));
}
