using System.Numerics.Tensors;
using AgentSystem.ServiceDefaults.Inference.Hashed;
using CsCheck;

namespace AgentSystem.Tests.ServiceDefaults.Inference.Hashed;

public sealed class HashedEmbeddingGeneratorTests
{
    [Fact]
    public void Embed_AnyText_HasLengthOneAndIsRepeatable() => Gen.String.Sample(text =>
    {
        var (first, second) = (HashedEmbeddingGenerator.Embed(text).Vector, HashedEmbeddingGenerator.Embed(text).Vector);
        Assert.Equal(first, second);
        Assert.InRange(TensorPrimitives.Norm<float>(first), 0.999f, 1.001f);
    });

    [Fact]
    public void Embed_SharedWords_AreNearerThanOthers()
    {
        var question = HashedEmbeddingGenerator.Embed("Where did I park the car?").Vector;
        var near = Dot(question, "The car is parked behind the station.");
        Assert.True(near > Dot(question, "A recipe for potato soup"), $"{near}");
        Assert.True(near > 0.1f, $"{near}");
    }

    [Fact]
    public void Embed_CaseAndAccents_DoNotMatter() => Assert.Equal(1f, Dot(HashedEmbeddingGenerator.Embed("Café RÉSUMÉ").Vector, "cafe resume"), 0.001f);

    [Fact]
    public async Task Generate_SeveralTexts_CountsTheirWords()
    {
        using var generator = new HashedEmbeddingGenerator("hashed");
        var made = await generator.GenerateAsync(["one two three", "four"]);
        Assert.Equal((2, 4L, 512), (made.Count, made.Usage!.InputTokenCount, made[0].Vector.Length));
    }

    private static float Dot(float[] vector, string text) => TensorPrimitives.Dot(vector, HashedEmbeddingGenerator.Embed(text).Vector);
}
