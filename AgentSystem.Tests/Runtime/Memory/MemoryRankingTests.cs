using AgentSystem.Runtime.Memory.Embedded;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Memory;

public sealed class MemoryRankingTests
{
    private static readonly string[] Notebook =
    [
        "my sister's birthday is 4 May", "our wifi password is marzipan88", "my bike lock combination is 4096", "the plumber comes on Thursday",
        "my boss hates phone calls", "my name is Ann", "my brother's name is Ben", "My parking spot is level 3 row K", "our landlord prefers cheques",
        "my nephew Caspian loves dinosaurs", "our vet is Doctor Hargreaves", "the spare key is under the flowerpot", "my grandmother was born in 1938",
        "my flight leaves at 6:40", "my passport expires in August", "I take my coffee with oat milk",
    ];

    [Theory]
    [InlineData("my sister's birthday", "my sister's birthday is 4 May")]
    [InlineData("my sister’s birthday", "my sister's birthday is 4 May")]
    [InlineData("sister birthday", "my sister's birthday is 4 May")]
    [InlineData("the user's sister's birthday", "my sister's birthday is 4 May")]
    [InlineData("when was my sister born", "my sister's birthday is 4 May")]
    [InlineData("my sister's brithday", "my sister's birthday is 4 May")]
    [InlineData("my sister", "my sister's birthday is 4 May")]
    [InlineData("the Wi-Fi password", "our wifi password is marzipan88")]
    [InlineData("WIFI", "our wifi password is marzipan88")]
    [InlineData("my bicycle lock", "my bike lock combination is 4096")]
    [InlineData("my name", "my name is Ann")]
    [InlineData("my brother's name", "my brother's name is Ben")]
    [InlineData("the plumber", "the plumber comes on Thursday")]
    [InlineData("my nephew Caspian", "my nephew Caspian loves dinosaurs")]
    [InlineData("grandma", "my grandmother was born in 1938")]
    [InlineData("spare keys", "the spare key is under the flowerpot")]
    [InlineData("my coffee", "I take my coffee with oat milk")]
    public void Rank_FittingStatement_IsFirst(string query, string expected) => Assert.Equal(expected, Recall(query, Notebook).FirstOrDefault());

    [Theory]
    [InlineData("my brother's birthday")]
    [InlineData("my sister's name")]
    [InlineData("my sister's phone number")]
    [InlineData("the electrician")]
    [InlineData("my landlady")]
    [InlineData("my router password")]
    [InlineData("the light")]
    [InlineData("my")]
    [InlineData("what is it")]
    [InlineData("4097")]
    [InlineData("")]
    [InlineData("the capital of France")]
    public void Rank_NothingFits_GivesNothing(string query) => Assert.Empty(Recall(query, Notebook));

    [Fact]
    public void Rank_SameSubjectTwice_PutsTheNewerFirst()
    {
        Assert.Equal(["my locker code is 9876", "my locker code is 1234"], Recall("my locker code", "my locker code is 1234", "my locker code is 9876"));
        Assert.Equal(["my locker code is 1234", "my locker code is 9876"], Recall("my locker code", "my locker code is 9876", "my locker code is 1234"));
    }

    [Fact]
    public void Rank_MoreThanAskedFor_StopsAtTheLimit() =>
        Assert.Equal(3, MemoryRanking.Rank("tree", Candidates([.. Enumerable.Range(0, 10).Select(n => $"tree number {n}")], "tree"), 3).Count);

    [Fact]
    public void Rank_AnyTexts_ScoresStayBetweenZeroAndOneAndFall() =>
        Gen.Select(Gen.String[Gen.Char["ab cd'-s é"], 0, 20], Gen.String[Gen.Char["ab cd'-s é"], 0, 20].List[0, 8]).Sample((query, texts) =>
        {
            var ranked = MemoryRanking.Rank(query, Candidates([.. texts], query), 10);
            Assert.All(ranked, memory => Assert.InRange(memory.Score, MemoryRanking.MinimumCoverage * 0.7, 1.0000001));
            Assert.Equal(ranked.Select(memory => memory.Score).OrderDescending(), ranked.Select(memory => memory.Score));
        });

    [Fact]
    public void Embed_AnyText_HasLengthOneOrZeroAndIsRepeatable() =>
        Gen.String[0, 50].Sample(text =>
        {
            var vector = HashedEmbedding.Embed(text);
            Assert.Equal(vector, HashedEmbedding.Embed(text));
            var length = Math.Sqrt(vector.Sum(value => (double)value * value));
            Assert.True(length is 0 || Math.Abs(length - 1) < 1e-4, $"{length}");
        });

    [Fact]
    public void Embed_NearTexts_AreNearerThanFarOnes()
    {
        var query = HashedEmbedding.Embed("my sisters brithday");
        Assert.True(HashedEmbedding.Cosine(query, HashedEmbedding.ToBytes(HashedEmbedding.Embed(Notebook[0]))) > 0.3f);
        Assert.All(Notebook.Skip(3), other => Assert.True(HashedEmbedding.Cosine(query, HashedEmbedding.ToBytes(HashedEmbedding.Embed(other))) < 0.25f, other));
    }

    private static List<string> Recall(string query, params string[] texts) =>
        [.. MemoryRanking.Rank(query, Candidates(texts, query), 3).Select(memory => memory.Text)];

    private static IEnumerable<MemoryRanking.Candidate> Candidates(string[] texts, string query)
    {
        var vector = HashedEmbedding.Embed(query);
        return texts.Select((text, index) => new MemoryRanking.Candidate(
            $"{index}", text, DateTimeOffset.UnixEpoch.AddDays(index), HashedEmbedding.Cosine(vector, HashedEmbedding.ToBytes(HashedEmbedding.Embed(text)))));
    }
}
