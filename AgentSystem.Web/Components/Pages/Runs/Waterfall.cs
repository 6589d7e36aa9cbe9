using AgentSystem.Contracts.Runs;

namespace AgentSystem.Web.Components.Pages.Runs;

/// <summary>Where the steps of a run lie in its time.</summary>
internal static class Waterfall
{
    /// <summary>A bar that is shorter cannot be seen.</summary>
    private const double Narrowest = 0.8;

    /// <summary>The bars of <paramref name="steps"/>, in percent of the time from the first step's beginning to the last one's end; a step that goes on lasts until <paramref name="now"/>.</summary>
    public static IReadOnlyList<(double Left, double Width)> Bars(IReadOnlyList<RunStepView> steps, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(steps);
        if (steps.Count == 0)
        {
            return [];
        }

        var begin = steps.Min(static step => step.StartedAt);
        var whole = Math.Max(1, steps.Max(step => (End(step, now) - begin).TotalMilliseconds));
        return [.. steps.Select(step =>
        {
            var left = Math.Clamp((step.StartedAt - begin).TotalMilliseconds / whole * 100, 0, 100 - Narrowest);
            return (left, Math.Max(Narrowest, Math.Min((End(step, now) - step.StartedAt).TotalMilliseconds / whole * 100, 100 - left)));
        })];
    }

    private static DateTimeOffset End(RunStepView step, DateTimeOffset now) => step.DurationMs is { } lasted ? step.StartedAt.AddMilliseconds(lasted) : now > step.StartedAt ? now : step.StartedAt;
}
