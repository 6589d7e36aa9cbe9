namespace AgentSystem.Control.Deployment.Kubernetes.Chart;

/// <summary>A place of an object that the chart's values decide.</summary>
/// <param name="Path">Members and positions from the object's root, joined by slashes; members with a slash in their name cannot be lifted.</param>
internal abstract record Lift(string Path);

/// <summary>What the object has there becomes the default in <c>values.yaml</c>, and the template reads it from there.</summary>
/// <param name="Path">Where in the object.</param>
/// <param name="Key">Where in the values, joined by dots.</param>
internal sealed record ValueLift(string Path, string Key) : Lift(Path);

/// <summary>The same for a map of texts: each entry of the values becomes one, in quotes, whatever type it has there.</summary>
/// <param name="Path">Where in the object.</param>
/// <param name="Key">Where in the values.</param>
internal sealed record TextsLift(string Path, string Key) : Lift(Path);

/// <summary>Lines that stand at the end of a map or a list of the template. <c>{columns}</c> in them is the column of its members.</summary>
/// <param name="Path">The map or list.</param>
/// <param name="Lines">In the chart's template language.</param>
internal sealed record LinesLift(string Path, params string[] Lines) : Lift(Path);
