namespace AgentSystem.Runtime.Perception;

/// <summary>Why a part is refused. An expected failure: nothing was done with it.</summary>
/// <param name="Status">HTTP status that says it.</param>
/// <param name="Code">Stable code for programs.</param>
/// <param name="Message">For people; names the cure.</param>
public sealed record PartProblem(int Status, string Code, string Message)
{
    internal static PartProblem Empty { get; } = new(400, "part_empty", "The part is empty; send its content.");

    internal static PartProblem Truncated(string what) => new(422, $"{what}_truncated", $"The {what} ends before it is complete; send the whole file.");

    internal static PartProblem Malformed(string what, string how) => new(422, $"{what}_malformed", $"The {what} is not what its first bytes say: {how}. Open it in another program and save it again.");

    internal static PartProblem HeaderTooLong(string what, long most) =>
        new(422, $"{what}_header_too_long", $"The {what} carries more than {most:N0} bytes beside its content; save it without metadata.");

    internal static PartProblem TooManyPixels(long most) =>
        new(422, "image_too_large", $"The image has more than {most:N0} pixels, all frames together, or is longer on one side than allowed; make it smaller.");

    internal static PartProblem TwoFiles { get; } =
        new(422, "two_files_in_one", "Behind the end of the file another one begins; send each file by itself.");
}
