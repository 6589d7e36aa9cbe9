using AgentSystem.ServiceDefaults.Inference.Onnx.Decoding;
using AgentSystem.ServiceDefaults.Inference.Onnx.Engine;
using AgentSystem.ServiceDefaults.Inference.Onnx.Prompting;
using AgentSystem.ServiceDefaults.Inference.Onnx.Tokenization;
using Microsoft.Extensions.AI;

namespace AgentSystem.ServiceDefaults.Inference.Onnx;

/// <summary>Everything about a model folder that is text: tokens, template, calls. Shared by every engine that runs such folders.</summary>
internal sealed class ModelText(BytePairTokenizer tokenizer, IChatTemplate template, TokenTable tokens, TurnBuilder turns)
{
    /// <summary>The tokenizer.</summary>
    public BytePairTokenizer Tokenizer => tokenizer;

    /// <summary>What tokens mean in an answer.</summary>
    public TokenTable Tokens => tokens;

    /// <summary>Turns conversations into prompts.</summary>
    public TurnBuilder Turns => turns;

    /// <summary>Reads a folder's text side.</summary>
    /// <exception cref="InvalidDataException">Its tokenizer or template is of an unknown kind.</exception>
    public static ModelText Load(string name, string folder, GenAIConfig config, int contextTokens)
    {
        var profile = AgentSystemProfile.Read(folder);
        var tokenizer = new BytePairTokenizer(TokenizerFile.Read(Path.Combine(folder, "tokenizer.json")));
        var template = ChatTemplates.Choose(folder, profile);
        var ends = config.EndTokens.Concat(template.EndMarks.Where(tokenizer.Added.ContainsKey).Select(mark => tokenizer.Added[mark].Id)).ToHashSet();
        return new ModelText(
            tokenizer,
            template,
            new TokenTable(tokenizer, profile, template.Calls, ends),
            new TurnBuilder(name, tokenizer, template, profile, contextTokens));
    }

    /// <summary>The rules of an answer.</summary>
    /// <param name="freely">Calls and copied values are not restricted inside, as a measure of what the restriction brings.</param>
    public IDecodingRules Rules(Turn turn, bool freely)
    {
        var calls = turn.Parser is null ? null : freely ? Anything() : ToolCallGrammar.ForCalls(template.Calls, turn.Tools, turn.Sources);
        return new TurnRules(tokens, calls, freely ? Anything() : ToolCallGrammar.ForSpans(turn.Sources), turn.MustCall);
    }

    /// <summary>Reads an answer's tokens.</summary>
    public AnswerReader Reader(Turn turn, ChatOptions? options) =>
        new(tokens, turn.Parser, [.. options?.StopSequences ?? []], callAsAnswer: template.Calls.Open is null);

    private static Grammar Anything()
    {
        var grammar = new Grammar();
        grammar.Link(grammar.Append(Grammar.Start, new AnythingMatcher()), Grammar.End);
        return grammar;
    }
}
