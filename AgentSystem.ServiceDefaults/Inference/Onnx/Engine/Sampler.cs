using System.Numerics.Tensors;

namespace AgentSystem.ServiceDefaults.Inference.Onnx.Engine;

/// <summary>How the next token is drawn.</summary>
/// <param name="Temperature">0 takes the likeliest token; higher values flatten the distribution.</param>
/// <param name="TopP">Only the likeliest tokens that together reach this probability are drawn from; 0 to 1.</param>
/// <param name="TopK">Only this many of the likeliest tokens are drawn from; null for all.</param>
/// <param name="Seed">The same seed, prompt and model draw the same answer.</param>
internal sealed record SamplingSettings(double Temperature, double TopP, int? TopK, int Seed)
{
    /// <summary>Always the likeliest token.</summary>
    public static readonly SamplingSettings Greedy = new(0, 1, null, 0);
}

/// <summary>Draws tokens for one answer.</summary>
internal sealed class Sampler(SamplingSettings settings)
{
    private readonly Random? _random = settings.Temperature > 0 ? new Random(settings.Seed) : null;

    /// <summary>
    /// The next token; -1 when the rules allow none. Rules are asked about a token only when it would be taken, so a vocabulary of any size costs little.
    /// Top-p and top-k are applied before the rules: a nucleus without an allowed token falls back to the likeliest allowed one.
    /// </summary>
    public int Choose(ReadOnlySpan<float> logits, IDecodingRules rules) =>
        _random is null ? Likeliest(logits, rules) : Draw(logits, rules, _random);

    /// <summary>Natural logarithm of the token's probability under the model alone, without rules or temperature.</summary>
    public static float LogProbability(ReadOnlySpan<float> logits, int token, Span<float> scratch)
    {
        var highest = TensorPrimitives.Max(logits);
        TensorPrimitives.Subtract(logits, highest, scratch);
        TensorPrimitives.Exp(scratch, scratch);
        return logits[token] - highest - MathF.Log(TensorPrimitives.Sum<float>(scratch));
    }

    private static int Likeliest(ReadOnlySpan<float> logits, IDecodingRules rules)
    {
        var (best, highest) = (-1, float.NegativeInfinity);
        for (var token = 0; token < logits.Length; token++)
        {
            if (logits[token] > highest && rules.Allows(token))
            {
                (best, highest) = (token, logits[token]);
            }
        }

        return best;
    }

    private int Draw(ReadOnlySpan<float> logits, IDecodingRules rules, Random random)
    {
        var (tokens, weights) = Nucleus(logits);
        var total = weights.Sum();
        for (var left = tokens.Length; left > 0; left--)
        {
            var at = 0;
            for (var mark = random.NextDouble() * total; at < left - 1 && (mark -= weights[at]) >= 0; at++)
            {
            }

            if (rules.Allows(tokens[at]))
            {
                return tokens[at];
            }

            total -= weights[at];
            (tokens[at], weights[at]) = (tokens[left - 1], weights[left - 1]);
        }

        return Likeliest(logits, rules);
    }

    private (int[] Tokens, double[] Weights) Nucleus(ReadOnlySpan<float> logits)
    {
        var tokens = Enumerable.Range(0, logits.Length).ToArray();
        var keys = new float[logits.Length];
        TensorPrimitives.Negate(logits, keys);
        Array.Sort(keys, tokens);
        var count = Math.Min(settings.TopK ?? tokens.Length, tokens.Length);
        var weights = new double[count];
        for (var i = 0; i < count; i++)
        {
            weights[i] = Math.Exp((keys[0] - keys[i]) / settings.Temperature);
        }

        var goal = weights.Sum() * settings.TopP;
        var kept = 0;
        for (var sum = 0.0; kept < count && (kept == 0 || sum < goal); kept++)
        {
            sum += weights[kept];
        }

        return (tokens[..kept], weights[..kept]);
    }
}
