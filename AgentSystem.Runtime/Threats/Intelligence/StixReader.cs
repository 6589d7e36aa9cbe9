using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentSystem.Runtime.Threats.Intelligence;

/// <summary>Reads the indicators of a STIX 2.1 bundle (OASIS, 2021-06-10). Other objects are passed over; indicators that cannot be compared here are named.</summary>
internal static class StixReader
{
    private const double Percent = 100;

    public static ReadIndicators Read(JsonObject bundle, double confidence, DateTimeOffset? expiresAt)
    {
        var read = new ReadIndicators();
        if (Text(bundle, "type") != "bundle" || bundle["objects"] is not JsonArray objects)
        {
            read.Skip("bundle", "It is no bundle: \"type\" must be \"bundle\" and \"objects\" a list.");
            return read;
        }

        foreach (var item in objects.OfType<JsonObject>().Where(static item => Text(item, "type") == "indicator"))
        {
            ReadOne(item, read, confidence, expiresAt);
        }

        return read;
    }

    private static void ReadOne(JsonObject item, ReadIndicators read, double confidence, DateTimeOffset? expiresAt)
    {
        var id = Text(item, "id") is { Length: > 0 and <= 200 } named ? named : "indicator";
        if (item["revoked"] is JsonValue revoked && revoked.GetValueKind() == JsonValueKind.True)
        {
            read.Skip(id, "It is revoked.");
            return;
        }

        if (Text(item, "pattern_type") is not (null or "stix"))
        {
            read.Skip(id, $"Its pattern is not in STIX's own language.");
            return;
        }

        var until = expiresAt;
        if (Text(item, "valid_until") is { } end)
        {
            if (!DateTimeOffset.TryParse(end, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var parsed))
            {
                read.Skip(id, "Its \"valid_until\" is no time.");
                return;
            }

            until = parsed;
        }

        var sure = item["confidence"] is JsonValue said && said.GetValueKind() == JsonValueKind.Number && said.TryGetValue<double>(out var percent) ? Math.Clamp(percent / Percent, 0, 1) : confidence;
        var (comparisons, reason) = StixPattern.Parse(Text(item, "pattern") ?? "");
        if (reason is not null)
        {
            read.Skip(id, reason);
            return;
        }

        read.Found.AddRange(comparisons.Select(each => new Indicator(each.Kind, each.Value, sure, until)));
    }

    private static string? Text(JsonObject item, string member) => item[member] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}
