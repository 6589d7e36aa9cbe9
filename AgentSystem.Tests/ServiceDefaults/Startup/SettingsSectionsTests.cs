using System.ComponentModel.DataAnnotations;
using AgentSystem.ServiceDefaults.Startup;
using Microsoft.Extensions.Configuration;

namespace AgentSystem.Tests.ServiceDefaults.Startup;

public sealed class SettingsSectionsTests
{
    private static readonly SettingsSection[] Sections = [new("Kitchen", typeof(Kitchen)), new("Kitchen:Oven", typeof(Oven))];

    [Fact]
    public void Check_ManyMistakes_TellsEachOfThemWithItsCure() => Assert.Equal(
        [
            "Kitchen:Enabld: there is no such setting. Known are Enabled, Cooks, Rest, Name, Guests.",
            "Kitchen:Enabled is \"perhaps\": write true or false.",
            "Kitchen:Cooks is 0: give 1 to 9.",
            "Kitchen:Rest is \"soon\": write a time as hh:mm:ss.",
            "Kitchen:Guests is \"many\": write a whole number.",
            "Kitchen:Oven:Warmth: there is no such setting. Known are Heat.",
            "Kitchen:Oven:Heat is 300: give 0.5 to 250.",
        ],
        Check(
            ("Kitchen:Enabld", "true"), ("Kitchen:Enabled", "perhaps"), ("Kitchen:Cooks", "0"), ("Kitchen:Rest", "soon"), ("Kitchen:Guests", "many"),
            ("Kitchen:Oven:Warmth", "1"), ("Kitchen:Oven:Heat", "300")).Order(Comparer<string>.Create(static (one, other) => Place(one) - Place(other))));

    [Fact]
    public void Check_ASettingUnderAValue_IsNamed() =>
        Assert.Equal(["Kitchen:Cooks:Extra: there is no such setting. Kitchen:Cooks is one value."], Check(("Kitchen:Cooks:Extra", "1")));

    [Fact]
    public void Check_WhatTheBinderWouldTake_Passes() => Assert.Empty(Check(
        ("kitchen:enabled", "TRUE"), ("Kitchen:Cooks", "9"), ("Kitchen:Rest", "00:01:00"), ("Kitchen:Name", ""), ("Kitchen:Guests", ""), ("Kitchen:Oven:Heat", "1.5"), ("Elsewhere:Anything", "x")));

    private static IEnumerable<string> Check(params (string Key, string Value)[] settings) =>
        SettingsSections.Check(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(static pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))).Build(), Sections);

    /// <summary>The configuration gives keys in an order of its own; the test has one to compare with.</summary>
    private static int Place(string mistake) => Array.FindIndex(
        ["Kitchen:Enabld", "Kitchen:Enabled", "Kitchen:Cooks", "Kitchen:Rest", "Kitchen:Guests", "Kitchen:Oven:Warmth", "Kitchen:Oven:Heat"],
        start => mistake.StartsWith(start, StringComparison.Ordinal));

    private sealed class Kitchen
    {
        public bool Enabled { get; set; }

        [Range(1, 9)]
        public int Cooks { get; set; } = 1;

        [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
        public TimeSpan Rest { get; set; }

        public string Name { get; set; } = "";

        public int? Guests { get; set; }
    }

    private sealed class Oven
    {
        [Range(0.5, 250.0)]
        public double Heat { get; set; }
    }
}
