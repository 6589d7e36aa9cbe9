using AgentSystem.Runtime.Tools;
using AgentSystem.Runtime.Tools.Clock;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;

namespace AgentSystem.Tests.Runtime.Tools;

public sealed class ClockTests
{
    private readonly ClockTool clock = new(new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 5, 5, 0, TimeSpan.Zero)));

    [Theory]
    [InlineData("Tokyo", "14:05 on Sunday, 22 November 2026 (Asia/Tokyo)")]
    [InlineData("Europe/Paris", "06:05 on Sunday, 22 November 2026 (Europe/Paris)")]
    [InlineData("europe/paris", "06:05 on Sunday, 22 November 2026 (Europe/Paris)")]
    [InlineData("New York", "00:05 on Sunday, 22 November 2026 (America/New_York)")]
    [InlineData("new york, USA", "00:05 on Sunday, 22 November 2026 (America/New_York)")]
    [InlineData("São Paulo", "02:05 on Sunday, 22 November 2026 (America/Sao_Paulo)")]
    [InlineData("sao paulo", "02:05 on Sunday, 22 November 2026 (America/Sao_Paulo)")]
    [InlineData("Zürich", "06:05 on Sunday, 22 November 2026 (Europe/Zurich)")]
    [InlineData("München", "06:05 on Sunday, 22 November 2026 (Europe/Berlin)")]
    [InlineData("San Francisco", "21:05 on Saturday, 21 November 2026 (America/Los_Angeles)")]
    [InlineData("UTC", "05:05 on Sunday, 22 November 2026 (UTC)")]
    [InlineData("gmt", "05:05 on Sunday, 22 November 2026 (GMT)")]
    [InlineData("Kathmandu", "10:50 on Sunday, 22 November 2026 (Asia/Kathmandu)")]
    [InlineData("St. John's", "01:35 on Sunday, 22 November 2026 (America/St_Johns)")]
    [InlineData("Buenos Aires", "02:05 on Sunday, 22 November 2026 (America/Argentina/Buenos_Aires)")]
    public async Task Clock_KnownPlace_TellsItsTime(string place, string told) => Assert.Equal(told, await AskAsync(place));

    [Theory]
    [InlineData("Japan", "(Asia/Tokyo)")]
    [InlineData("the UK", "(Europe/London)")]
    [InlineData("Britain", "(Europe/London)")]
    [InlineData("Monaco", "(Europe/Monaco)")]
    [InlineData("Luxembourg", "(Europe/Luxembourg)")]
    [InlineData("Panama", "(America/Panama)")]
    [InlineData("Puerto Rico", "(America/Puerto_Rico)")]
    [InlineData("La Paz", "(America/La_Paz)")]
    [InlineData("Côte d'Ivoire", "(Africa/Abidjan)")]
    [InlineData("Calcutta", "(Asia/")]
    [InlineData("Germany", "(Europe/Berlin)")]
    public async Task Clock_CountryOfOneZoneOrOldName_TellsItsTime(string place, string zone) => Assert.Contains(zone, await AskAsync(place), StringComparison.Ordinal);

    [Theory]
    [InlineData("Narnia", "unknown place: Narnia")]
    [InlineData(" Narnia ", "unknown place: Narnia")]
    [InlineData("../../etc/passwd", "unknown place: ../../etc/passwd")]
    [InlineData("zone1970.tab", "unknown place: zone1970.tab")]
    [InlineData("", "no place given")]
    [InlineData(null, "no place given")]
    public async Task Clock_NoKnownPlace_SaysSo(string? place, string told) => Assert.Equal(told, await AskAsync(place));

    [Fact]
    public async Task Clock_CountryOfManyZones_AsksForACity() =>
        Assert.Matches("^ambiguous place: Australia has [0-9]+ time zones, for example .+; name a city$", await AskAsync("Australia"));

    [Fact]
    public void Cities_EveryZone_Exists() => Assert.All(Cities.All, city => Assert.True(TimeZoneInfo.TryFindSystemTimeZoneById(city.Zone, out _), city.Zone));

    private async Task<string> AskAsync(string? place) =>
        (string)(await clock.Bind(new ToolScope("default", "u1", "assistant")).InvokeAsync(place is null ? [] : new AIFunctionArguments { ["place"] = place }))!;
}
