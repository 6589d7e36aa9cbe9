using System.Text.Json;
using AgentSystem.Runtime.Threads;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Runs;

/// <summary>Between what steps hold and what models and threads speak. The conversation is the steps read once in their order.</summary>
public static class StepMessages
{
    private static readonly JsonSerializerOptions Json = AIJsonUtilities.DefaultOptions;

    /// <summary>A model's answer, to keep: whole, with what only its provider understands.</summary>
    public static string Write(ChatResponse answer) => JsonSerializer.Serialize(answer, Json);

    /// <summary>The answer as it was.</summary>
    public static ChatResponse Read(string result) =>
        JsonSerializer.Deserialize<ChatResponse>(result, Json) ?? throw new InvalidDataException("A recorded answer is the JSON word null; answers are never written that way.");

    /// <summary>What the steps that are done come to: answers, and results with the ids of the calls they belong to.</summary>
    public static IEnumerable<ChatResponseUpdate> Produced(IEnumerable<RunStep> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        FunctionCallContent[] calls = [];
        foreach (var step in steps.Where(static step => step.Status == StepStatus.Done))
        {
            if (step.Kind == StepKind.Model)
            {
                var answer = Read(step.Result!);
                calls = [.. Calls(answer)];
                foreach (var piece in answer.ToChatResponseUpdates())
                {
                    yield return piece;
                }
            }
            else if (calls.ElementAtOrDefault(StepKeys.CallOf(step.Key)) is { } call)
            {
                yield return new ChatResponseUpdate(ChatRole.Tool, [new FunctionResultContent(call.CallId, step.Result)]);
            }
        }
    }

    /// <summary>The turn of a run that was stopped on the way: what was asked, and what had been done by then.</summary>
    public static NewTurn Turn(RunRecord run, IEnumerable<RunStep> steps)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new NewTurn([new NewMessage(ChatRole.User.Value, run.Input, []), .. ThreadMessages.Produced(Produced(steps))], run.Id, run.Agent, ThreadLimits.TitleOf(run.Input));
    }

    private static IEnumerable<FunctionCallContent> Calls(ChatResponse answer) => answer.Messages.SelectMany(static message => message.Contents).OfType<FunctionCallContent>();
}
