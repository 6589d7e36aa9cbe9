using System.Globalization;
using AgentSystem.Runtime.Threats.Conduct;
using Microsoft.Extensions.Time.Testing;

namespace AgentSystem.Tests.Runtime.Threats.Conduct;

/// <summary>
/// A day of real traffic must be no incident. The hour of the Azure trace (conversations, 19,366 requests) is played 24 times, each hour at its share of a day with quiet nights, over keys of very different
/// sizes; one request in fifty fails, one in two hundred is for something that is not there.
/// </summary>
public sealed class HonestDayTests
{
    private const int Keys = 20, FailEvery = 50, MissEvery = 200;
    private const decimal UsdPerToken = .00001m;

    [Fact]
    public void Day_OfTheAzureTrace_RaisesNoAlarm()
    {
        var trace = Environment.GetEnvironmentVariable("AGENTSYSTEM_CORPUS") is { } corpus ? Path.Combine(corpus, "traces/azure2023/AzureLLMInferenceTrace_conv.csv") : "";
        Assert.SkipUnless(File.Exists(trace), "Set AGENTSYSTEM_CORPUS to the folder with the traces.");
        var requests = File.ReadLines(trace).Skip(1).Select(Read).ToArray();
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 28, 0, 0, 0, TimeSpan.Zero));
        var (watch, random, alarms, count) = (new ConductWatch(new ConductThresholds(), 1_000, clock), new Random(1), new List<ConductAlarm>(), 0);
        for (var hour = 0; hour < 24; hour++)
        {
            var begun = new DateTimeOffset(2026, 11, 28, hour, 0, 0, TimeSpan.Zero);
            var share = .15 + (.85 * Math.Pow(Math.Sin(Math.PI * hour / 24), 2));
            foreach (var (at, tokens) in requests)
            {
                if (random.NextDouble() > share)
                {
                    continue;
                }

                count++;
                clock.SetUtcNow(begun + at);
                // The first key has a third of everything, the next one less, and so on.
                var key = new ConductSubject("default", $"key:{(int)(Keys * Math.Pow(random.NextDouble(), 3))}");
                var outcome = count % FailEvery == 0 ? ConductOutcome.Wrong : count % MissEvery == 1 ? ConductOutcome.Missing : ConductOutcome.Served;
                alarms.AddRange(watch.Take(key, new ConductEvent(outcome, outcome == ConductOutcome.Missing ? (ulong)random.NextInt64() | 1 : 0, tokens * UsdPerToken)));
            }
        }

        Assert.True(count > 200_000);
        Assert.Empty(alarms.Select(alarm => $"{alarm.Subject.Name} {alarm.Finding}"));
    }

    private static (TimeSpan At, int Tokens) Read(string line)
    {
        var parts = line.Split(',');
        var at = DateTime.Parse(parts[0], CultureInfo.InvariantCulture);
        return (at - new DateTime(2023, 11, 16, 18, 15, 46, DateTimeKind.Unspecified), int.Parse(parts[1], CultureInfo.InvariantCulture) + int.Parse(parts[2], CultureInfo.InvariantCulture));
    }
}
