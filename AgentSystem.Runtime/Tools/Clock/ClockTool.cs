using System.Globalization;
using System.Text.Json;
using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Security.Guard;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Tools.Clock;

/// <summary>The time of day at a place.</summary>
internal sealed class ClockTool(TimeProvider time) : ITool
{
    private const int MaxPlaceLength = 100;
    private const int MaxSuggestions = 3;

    // The zone tables are several hundred names: not read before someone asks.
    private readonly Lazy<PlaceDirectory> places = new(() => new PlaceDirectory(ZoneFiles.Read()));

    private static readonly JsonElement Schema = ToolFunction.Schema("""
        {
          "type": "object",
          "properties": {
            "place": {
              "type": "string",
              "description": "A city, a country that has one time zone, or an IANA zone such as Europe/Paris. Leave it out only when the user names no place.",
              "x-copy": "span"
            }
          },
          "additionalProperties": false
        }
        """);

    public string Name => "clock";

    public string Description => "Tells the current local time, weekday and date at a place.";

    public bool Cacheable => false;

    public ToolEffect Effect => ToolEffect.Read;

    public Reach Reach => Reach.None;

    public AIFunction Bind(ToolScope scope) => new ToolFunction(
        this,
        Schema,
        (arguments, _) => ValueTask.FromResult(Tell(arguments.GetValueOrDefault("place"))));

    private string Tell(string? place)
    {
        if (string.IsNullOrWhiteSpace(place))
        {
            return "no place given";
        }

        if (place.Length > MaxPlaceLength)
        {
            return $"error: the place is longer than {MaxPlaceLength} characters";
        }

        var zones = places.Value.Find(place);
        return zones.Count switch
        {
            0 => $"unknown place: {place.Trim()}",
            1 => Tell(zones[0]),
            _ => $"ambiguous place: {place.Trim()} has {zones.Count} time zones, for example {string.Join(", ", zones.Take(MaxSuggestions).Select(zone => zone.Id))}; name a city",
        };
    }

    private string Tell(TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(time.GetUtcNow(), zone);
        return string.Create(CultureInfo.InvariantCulture, $"{local:HH:mm 'on' dddd, d MMMM yyyy} ({zone.Id})");
    }
}
