using System.Threading.Channels;

namespace AgentSystem.ServiceDefaults.Inference.Onnx.Engine;

/// <summary>A token of an answer.</summary>
/// <param name="LogProbability">Under the model alone, natural logarithm.</param>
internal readonly record struct DecodedToken(int Id, float LogProbability);

/// <summary>Why an answer ended.</summary>
internal enum DecodeEnd
{
    /// <summary>The model ended it, or its rules were fulfilled.</summary>
    Stopped,

    /// <summary>It reached its longest allowed length.</summary>
    Length,
}

/// <summary>One answer to decode. Its tokens arrive in <see cref="Tokens"/>, which completes with the answer, or fails with it.</summary>
internal sealed class DecodeRequest(
    IReadOnlyList<int> prompt, int outputTokens, IReadOnlySet<int> endTokens, SamplingSettings sampling, IDecodingRules rules, CancellationToken cancellation)
{
    private readonly Channel<DecodedToken> _tokens = Channel.CreateUnbounded<DecodedToken>(new() { SingleReader = true, SingleWriter = true });

    public IReadOnlyList<int> Prompt { get; } = prompt;

    public int OutputTokens { get; } = outputTokens;

    public IReadOnlySet<int> EndTokens { get; } = endTokens;

    public Sampler Sampler { get; } = new(sampling);

    public IDecodingRules Rules { get; } = rules;

    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>The answer, without the token that ended it.</summary>
    public ChannelReader<DecodedToken> Tokens => _tokens.Reader;

    /// <summary>Valid once <see cref="Tokens"/> has completed.</summary>
    public DecodeEnd End { get; private set; }

    public void Emit(DecodedToken token) => _tokens.Writer.TryWrite(token);

    public void Finish(DecodeEnd end)
    {
        End = end;
        _tokens.Writer.TryComplete();
    }

    public void Fail(Exception error) => _tokens.Writer.TryComplete(error);
}
