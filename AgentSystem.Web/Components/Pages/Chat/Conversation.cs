using System.Text;
using AgentSystem.Web.Clients;
using AgentSystem.Web.Clients.Chat;

namespace AgentSystem.Web.Components.Pages.Chat;

/// <summary>How far an answer has come.</summary>
public enum TurnState
{
    /// <summary>Asked, nothing has come yet.</summary>
    Waiting,

    /// <summary>Text is coming in.</summary>
    Streaming,

    /// <summary>The answer is whole.</summary>
    Done,

    /// <summary>The reader stopped it.</summary>
    Stopped,

    /// <summary>It broke off.</summary>
    Failed,
}

/// <summary>A question and what came of it.</summary>
public sealed class Turn(string question)
{
    private readonly StringBuilder _answer = new();

    public string Question { get; } = question;

    public string Answer => _answer.ToString();

    /// <summary>Characters of the answer so far.</summary>
    public int Length => _answer.Length;

    public TurnState State { get; private set; }

    public ChatReceipt? Receipt { get; private set; }

    public ChatUsage? Usage { get; private set; }

    /// <summary>True when the answer was cut at the agent's token limit.</summary>
    public bool CutShort { get; private set; }

    /// <summary>The reader's judgement: 1 or 5; null when none was given.</summary>
    public int? Rating { get; set; }

    public bool InProgress => State is TurnState.Waiting or TurnState.Streaming;

    internal void Take(ChatEvent happened)
    {
        switch (happened)
        {
            case ChatText more:
                _answer.Append(more.Text);
                State = TurnState.Streaming;
                break;
            case ChatFinished end:
                (Receipt, Usage, CutShort) = (end.Receipt, end.Usage, end.StopReason == "length");
                State = TurnState.Done;
                break;
            case ChatFailed:
                State = TurnState.Failed;
                break;
        }
    }

    internal void Stop() => State = TurnState.Stopped;
}

/// <summary>The turns so far, and what of them the agent is told with the next question.</summary>
public sealed class Conversation
{
    private readonly List<Turn> _turns = [];

    public IReadOnlyList<Turn> Turns => _turns;

    public bool InProgress => _turns is [.., { InProgress: true }];

    internal Turn Ask(string question)
    {
        var turn = new Turn(question);
        _turns.Add(turn);
        return turn;
    }

    /// <summary>Takes back a turn nothing came of, so that its question can be asked again.</summary>
    internal void TakeBack(Turn turn) => _turns.Remove(turn);

    internal void Clear() => _turns.Clear();

    /// <summary>The finished turns, the stopped ones as far as they came, and the open question. A turn that broke off is left out: its question will be asked again.</summary>
    internal IReadOnlyList<ChatMessage> Messages()
    {
        var messages = new List<ChatMessage>();
        foreach (var turn in _turns.Where(static turn => turn.State != TurnState.Failed && (turn.InProgress || turn.Answer.Length > 0)))
        {
            messages.Add(new ChatMessage("user", turn.Question));
            if (!turn.InProgress)
            {
                messages.Add(new ChatMessage("assistant", turn.Answer));
            }
        }

        return messages;
    }
}
