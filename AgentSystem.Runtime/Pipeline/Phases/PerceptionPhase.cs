using AgentSystem.Contracts.Perception;
using AgentSystem.Runtime.Perception;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Pipeline.Phases;

/// <summary>Phase 2. Images and sounds that were sent along are what they say they are, within the limits, or the request is refused naming the part. An image goes on as a copy made anew from its pixels.</summary>
internal sealed class PerceptionPhase(Perceiver perceiver) : IRunPhase
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);

    public string Name => "perception";

    public async ValueTask<RunFailure?> RunAsync(RunContext run, CancellationToken cancellation)
    {
        if (!run.Conversation.Any(static message => message.Contents.Any(IsSensed)))
        {
            return null;
        }

        ChatMessage[] conversation = [.. run.Conversation];
        for (var i = 0; i < conversation.Length; i++)
        {
            for (var part = 0; part < conversation[i].Contents.Count; part++)
            {
                if (conversation[i].Contents[part] is not DataContent data || !IsSensed(data))
                {
                    continue;
                }

                var seen = (await perceiver.PerceiveAsync(new PerceptionRequest(run.Call.Caller.Tenant, false, null), [Input(data)], cancellation).ConfigureAwait(false))[0];
                var place = Place(run, i, part);
                if (seen.Problem is { } problem)
                {
                    return new RunFailure(problem.Status, "invalid_request_error", problem.Code, problem.Message, place);
                }

                if (seen.Part is { Type: "image", Image: null })
                {
                    return new RunFailure(503, "server_error", "perception_busy", string.Join(' ', seen.Part.Reasons), place, Again);
                }

                if (seen.Part.Image is { } image)
                {
                    conversation[i] = Replace(conversation[i], part, new DataContent(seen.Clean, image.Clean.MediaType));
                }
            }
        }

        run.Conversation = conversation;
        return null;
    }

    private static bool IsSensed(AIContent content) => content is DataContent data && (data.HasTopLevelMediaType("image") || data.HasTopLevelMediaType("audio"));

    private static PartInput Input(DataContent data) => new(null, data.HasTopLevelMediaType("image") ? "image" : "audio", data.MediaType.Split(';')[0], data.Data);

    /// <summary>As the client wrote it. What stands before it came from the thread.</summary>
    private static string Place(RunContext run, int message, int part)
    {
        var index = message - (run.Conversation.Count - run.Call.Messages.Count);
        var list = run.Call.Endpoint == "responses" ? "input" : "messages";
        return index < 0 ? list : $"{list}[{index}].content[{part}]";
    }

    private static ChatMessage Replace(ChatMessage message, int part, AIContent content)
    {
        var changed = message.Clone();
        changed.Contents = [.. message.Contents];
        changed.Contents[part] = content;
        return changed;
    }
}
