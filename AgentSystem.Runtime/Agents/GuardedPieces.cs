using AgentSystem.Runtime.Runs;
using AgentSystem.Runtime.Security.Guard;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Agents;

/// <summary>The pieces of an answer on their way through the run's guard.</summary>
internal static class GuardedPieces
{
    /// <summary>A piece with the text that left in place of the text it had; everything else of it stays.</summary>
    public static ChatResponseUpdate AsShown(ChatResponseUpdate piece, ChatResponseUpdate? shown, RunGuard? guard)
    {
        if (guard is null)
        {
            return piece;
        }

        var kept = piece.Clone();
        // What was held back belongs before the calls that follow it.
        kept.Contents = [.. shown?.Contents.OfType<TextContent>() ?? [], .. piece.Contents.Where(static content => content is not TextContent)];
        return kept;
    }

    /// <summary>What of a piece may leave now. Where an answer of the model ends nothing stays held back: what follows is another answer.</summary>
    public static ChatResponseUpdate? Pass(ChatResponseUpdate? piece, RunGuard? guard, bool ends)
    {
        if (guard is null || (piece is null && !ends))
        {
            return piece;
        }

        var contents = new List<AIContent>();
        foreach (var content in piece?.Contents ?? [])
        {
            if (content is TextContent text)
            {
                Add(guard.Output.Push(text.Text));
                continue;
            }

            Add(guard.Output.Flush());
            if (content is not FunctionCallContent call || guard.Output.Call(ToolArguments.Write(call.Arguments ?? new Dictionary<string, object?>())))
            {
                contents.Add(content);
            }
        }

        if (ends)
        {
            Add(guard.Output.Flush());
        }

        return contents.Count == 0 && piece?.FinishReason is null ? null
            : new ChatResponseUpdate(piece?.Role ?? ChatRole.Assistant, contents) { FinishReason = piece?.FinishReason, ModelId = piece?.ModelId };

        void Add(string text)
        {
            if (text.Length > 0)
            {
                contents.Add(new TextContent(text));
            }
        }
    }
}
