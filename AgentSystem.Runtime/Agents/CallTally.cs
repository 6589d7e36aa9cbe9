using AgentSystem.Contracts.Models;
using AgentSystem.Runtime.Budgets;
using AgentSystem.Runtime.Resilience;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Agents;

/// <summary>
/// What one attempt took, read from the stream. A provider that tells its usage is believed: the last it tells counts, because some repeat it with every piece, and where its total is more than
/// the parts, the rest is thinking that it left out of the output. One that does not tell may have read all and thought up to the limit, seen or not, so that is what the call is charged.
/// </summary>
internal sealed class CallTally(IReadOnlyCollection<ChatMessage> conversation)
{
    private const int CharactersPerToken = 4;

    private long toldInput;
    private long toldOutput;
    private long pieces;
    private bool told;
    private ModelFailure? failure;

    /// <summary>True when surely nothing was sold: the call failed before its first piece, in a way that tells.</summary>
    public bool Unbilled => !told && pieces == 0 && failure is { Unbilled: true };

    /// <summary>Tokens as told, or else estimated: a piece of a stream is about a token, and a token of input about four characters.</summary>
    public (long Input, long Output, bool Estimated) Tokens => told
        ? (toldInput > 0 ? toldInput : EstimatedInput, toldOutput, toldInput == 0)
        : (EstimatedInput, pieces, true);

    private long EstimatedInput => (conversation.Sum(static message => (long)message.Text.Length) + CharactersPerToken - 1) / CharactersPerToken;

    /// <summary>USD. What was not told is charged at its bound, so a call is never charged less than it can have cost.</summary>
    public decimal Cost(ModelView model, TokenBound bound) => ModelPrice.Cost(model, told && toldInput > 0 ? toldInput : bound.Input, told ? toldOutput : bound.Output);

    /// <summary>Moves on and counts.</summary>
    public async ValueTask<bool> NextAsync(IAsyncEnumerator<ChatResponseUpdate> updates, string model)
    {
        try
        {
            if (!await updates.MoveNextAsync().ConfigureAwait(false))
            {
                return false;
            }
        }
        catch (Exception e)
        {
            failure = ModelFailures.Read(e, model);
            throw;
        }

        foreach (var content in updates.Current.Contents)
        {
            if (content is UsageContent { Details: var usage })
            {
                Told(usage);
            }
            else
            {
                pieces++;
            }
        }

        return true;
    }

    private void Told(UsageDetails usage)
    {
        var (input, output) = (usage.InputTokenCount ?? 0, usage.OutputTokenCount ?? 0);
        output = Math.Max(output, (usage.TotalTokenCount ?? 0) - input);
        told |= input > 0 || output > 0;
        (toldInput, toldOutput) = (Math.Max(toldInput, input), Math.Max(toldOutput, output));
    }
}
