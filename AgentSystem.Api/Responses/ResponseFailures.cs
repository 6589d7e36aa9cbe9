using AgentSystem.Runtime.Pipeline;

namespace AgentSystem.Api.Responses;

/// <summary>Failures in the words of this endpoint, whose members are called otherwise than the chat's.</summary>
internal static class ResponseFailures
{
    /// <summary>The same failure, naming this endpoint's member.</summary>
    public static RunFailure InOurWords(RunFailure failure) => failure.Param switch
    {
        "metadata.thread_id" when failure.Code == ThreadFailures.NotFoundCode => failure with
        {
            Param = "conversation",
            Message = "There is no such thread of this request's user; POST /api/v1/threads begins one, and the same \"user\" goes on with it.",
        },
        "metadata.thread_id" => failure with { Param = "conversation" },
        "messages" => failure with { Param = "input" },
        _ => failure,
    };
}
