using AgentSystem.Runtime.Security.Screening.Injection;

namespace AgentSystem.Benchmarks.Security;

/// <summary>One example: hashed features, the answer, how much it counts, and the part it is held out with.</summary>
internal sealed record Example(int[] Features, bool Attack, float Weight, int Fold);

/// <summary>Logistic regression by AdaGrad (Duchi et al., 2011) with a pull towards zero on the features of each example; then weights in 8 bits.</summary>
internal static class LogisticTrainer
{
    private const int Epochs = 14;
    private const float Rate = 0.3f, Pull = 4e-3f;

    /// <summary>Trains on all examples but those of the fold held out (-1: none).</summary>
    public static LinearModel Train(IReadOnlyList<Example> examples, int heldOut, int seed)
    {
        var (weights, squares) = (new float[InjectionFeatures.Buckets], new float[InjectionFeatures.Buckets]);
        Array.Fill(squares, 1e-3f);
        var (bias, biasSquares) = (0f, 1e-3f);
        Example[] used = [.. examples.Where(example => example.Fold != heldOut && example.Features.Length > 0)];
        var chance = new Random(seed);
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            chance.Shuffle(used);
            foreach (var example in used)
            {
                var value = 1f / MathF.Sqrt(example.Features.Length);
                var sum = 0f;
                foreach (var feature in example.Features)
                {
                    sum += weights[feature];
                }

                var error = example.Weight * ((1f / (1f + MathF.Exp(-(bias + (sum * value))))) - (example.Attack ? 1f : 0f));
                biasSquares += error * error;
                bias -= 0.1f * error / MathF.Sqrt(biasSquares);
                foreach (var feature in example.Features)
                {
                    var gradient = (error * value) + (Pull * weights[feature]);
                    squares[feature] += gradient * gradient;
                    weights[feature] -= Rate * gradient / MathF.Sqrt(squares[feature]) * 0.5f;
                }
            }
        }

        var scale = weights.Max(MathF.Abs) / sbyte.MaxValue;
        return new LinearModel([.. weights.Select(weight => (sbyte)MathF.Round(weight / scale))], scale, bias);
    }
}
