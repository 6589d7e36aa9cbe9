using AgentSystem.Runtime.Security.Screening.Injection;

namespace AgentSystem.Benchmarks.Security;

/// <summary>One example: hashed features, the answer, how much it counts, and the part it is held out with.</summary>
internal sealed record Example(int[] Features, bool Attack, float Weight, int Fold)
{
    /// <summary>The features of every sentence of a document of which it is known that one is an attack, or that none is, but not which one comes nearest to it; null: one sentence.</summary>
    public int[][]? Parts { get; init; }
}

/// <summary>Logistic regression by AdaGrad (Duchi et al., 2011) with a pull towards zero on the features of each example; then weights in 8 bits.</summary>
internal static class LogisticTrainer
{
    private const int Epochs = 14;
    private const float Rate = 0.3f, Pull = 4e-3f;

    /// <summary>Epochs before a sentence is looked for in documents of which it is not known which one it is.</summary>
    private const int Settled = 3;

    /// <summary>Trains on all examples but those of the fold held out (-1: none).</summary>
    public static LinearModel Train(IReadOnlyList<Example> examples, int heldOut, int seed)
    {
        var (weights, squares) = (new float[InjectionFeatures.Buckets], new float[InjectionFeatures.Buckets]);
        Array.Fill(squares, 1e-3f);
        var (bias, biasSquares) = (0f, 1e-3f);
        Example[] used = [.. examples.Where(example => example.Fold != heldOut && (example.Parts is null ? example.Features.Length > 0 : example.Parts.Length > 0))];
        var chance = new Random(seed);
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            chance.Shuffle(used);
            foreach (var example in used)
            {
                if (example.Parts is not null && epoch < Settled)
                {
                    continue;
                }

                var features = example.Parts is { } parts ? parts.MaxBy(Sum)! : example.Features;
                var value = 1f / MathF.Sqrt(features.Length);
                var sum = Sum(features);
                var error = example.Weight * ((1f / (1f + MathF.Exp(-(bias + sum)))) - (example.Attack ? 1f : 0f));
                biasSquares += error * error;
                bias -= 0.1f * error / MathF.Sqrt(biasSquares);
                foreach (var feature in features)
                {
                    var gradient = (error * value) + (Pull * weights[feature]);
                    squares[feature] += gradient * gradient;
                    weights[feature] -= Rate * gradient / MathF.Sqrt(squares[feature]) * 0.5f;
                }
            }
        }

        float Sum(int[] features)
        {
            var sum = 0f;
            foreach (var feature in features)
            {
                sum += weights[feature];
            }

            return sum / MathF.Sqrt(features.Length);
        }

        var scale = weights.Max(MathF.Abs) / sbyte.MaxValue;
        return new LinearModel([.. weights.Select(weight => (sbyte)MathF.Round(weight / scale))], scale, bias);
    }
}
