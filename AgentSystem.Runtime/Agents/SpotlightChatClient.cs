using System.Runtime.CompilerServices;
using AgentSystem.Runtime.Security.Guard;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Agents;

/// <summary>
/// What a model sees beside the conversation: the canary in the system prompt, and marks around what others wrote. Sits outside the money of a call, so that what is added is counted,
/// and inside the tool loop, so that the results of this answer's own calls are marked too. The conversation itself is not changed.
/// </summary>
/// <param name="inner">The model.</param>
/// <param name="guard">The run's guard.</param>
/// <param name="marks">Whether untrusted text is marked.</param>
/// <param name="canary">Whether the canary stands in the system prompt.</param>
/// <param name="ofTool">What the results of a tool are.</param>
internal sealed class SpotlightChatClient(IChatClient inner, RunGuard guard, bool marks, bool canary, Func<string, PartSource?> ofTool) : DelegatingChatClient(inner)
{
    public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        base.GetResponseAsync(Shown(messages), options, cancellationToken);

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var update in base.GetStreamingResponseAsync(Shown(messages), options, cancellationToken).ConfigureAwait(false))
        {
            yield return update;
        }
    }

    private List<ChatMessage> Shown(IEnumerable<ChatMessage> messages)
    {
        List<ChatMessage> shown = [.. messages];
        var marked = marks && Mark(shown);
        string[] said = [.. canary ? [CanaryTokens.Instruction(guard.Canary)] : Array.Empty<string>(), .. marked ? [Spotlight.Instruction(guard.Nonce)] : Array.Empty<string>()];
        if (said.Length == 0)
        {
            return shown;
        }

        // After the instructions and not inside them: what stays the same from call to call comes first, as the caches of providers want it.
        var at = shown.FindIndex(static message => message.Role != ChatRole.System);
        shown.Insert(at < 0 ? shown.Count : at, new ChatMessage(ChatRole.System, string.Join('\n', said)));
        return shown;
    }

    private bool Mark(List<ChatMessage> shown)
    {
        var sources = Provenance.Of(shown, ofTool);
        var marked = false;
        for (var i = 0; i < shown.Count; i++)
        {
            for (var part = 0; part < shown[i].Contents.Count; part++)
            {
                if (Provenance.IsUntrusted(sources[i][part]) && Marked(shown[i].Contents[part], sources[i][part]) is { } content)
                {
                    var message = shown[i].Clone();
                    message.Contents = [.. shown[i].Contents];
                    message.Contents[part] = content;
                    (shown[i], marked) = (message, true);
                }
            }
        }

        return marked;
    }

    private AIContent? Marked(AIContent part, PartSource source) => part switch
    {
        FunctionResultContent { Result: { } result } answer => new FunctionResultContent(answer.CallId, Spotlight.Mark(result.ToString() ?? "", source, guard.Nonce, guard.IsSuspicious(answer.CallId)))
        {
            AdditionalProperties = answer.AdditionalProperties,
        },
        TextContent text => new TextContent(Spotlight.Mark(text.Text, source, guard.Nonce, suspicious: false)),
        _ => null,
    };
}
