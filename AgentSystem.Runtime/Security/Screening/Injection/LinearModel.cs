namespace AgentSystem.Runtime.Security.Screening.Injection;

/// <summary>A logistic regression over hashed features, its weights in 8 bits. The features of a text weigh 1/sqrt(n) each, so that length alone says nothing.</summary>
/// <param name="Weights">One per bucket.</param>
/// <param name="Scale">What one step of a weight is worth.</param>
/// <param name="Bias">The log-odds of a text without features.</param>
internal sealed record LinearModel(sbyte[] Weights, float Scale, float Bias)
{
    /// <summary>The log-odds that a text with these features is an attack.</summary>
    public double Score(IReadOnlyList<int> features)
    {
        var sum = 0L;
        for (var i = 0; i < features.Count; i++)
        {
            sum += Weights[features[i]];
        }

        return Bias + (features.Count == 0 ? 0 : Scale * sum / Math.Sqrt(features.Count));
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static LinearModel Read(BinaryReader from)
    {
        var (scale, bias) = (from.ReadSingle(), from.ReadSingle());
        var bytes = from.ReadBytes(InjectionFeatures.Buckets);
        if (bytes.Length != InjectionFeatures.Buckets)
        {
            throw new InvalidDataException($"weights.bin holds {bytes.Length} weights of a model, expected {InjectionFeatures.Buckets}; train it again with the benchmark \"train-security\".");
        }

        return new LinearModel((sbyte[])(Array)bytes, scale, bias);
    }

    /// <summary>Writes scale, bias and weights.</summary>
    public void Write(BinaryWriter to)
    {
        to.Write(Scale);
        to.Write(Bias);
        to.Write((byte[])(Array)Weights);
    }
}
