using AgentSystem.Contracts.Models;
using AgentSystem.ServiceDefaults.Inference.Onnx.Decoding;
using AgentSystem.ServiceDefaults.Inference.Onnx.Engine;
using Microsoft.Extensions.AI;

namespace AgentSystem.ServiceDefaults.Inference.Onnx;

/// <summary>A model folder in memory, ready to answer. One implementation per engine.</summary>
internal interface IFolderModel : IDisposable
{
    /// <summary>Begins an answer; cancelling ends the work on it.</summary>
    /// <exception cref="ModelInputTooLongException">The conversation leaves no room for one.</exception>
    /// <exception cref="ModelBusyException">Too many requests are waiting.</exception>
    /// <exception cref="NotSupportedException">The conversation holds something other than text.</exception>
    FolderAnswer Start(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellation);
}

/// <summary>An answer under way.</summary>
/// <param name="PromptTokens">Length of the conversation as the model reads it.</param>
/// <param name="Reader">Turns the tokens into text or a call.</param>
/// <param name="Tokens">The answer, without the token that ends it.</param>
/// <param name="End">Why it ended; to be asked when <paramref name="Tokens"/> is over.</param>
/// <param name="MustCall">The caller demands a call: anything else is no answer.</param>
internal sealed record FolderAnswer(int PromptTokens, AnswerReader Reader, IAsyncEnumerable<DecodedToken> Tokens, Func<DecodeEnd> End, bool MustCall);
