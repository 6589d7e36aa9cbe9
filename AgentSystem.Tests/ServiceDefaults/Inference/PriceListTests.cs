using AgentSystem.ServiceDefaults.Inference;

namespace AgentSystem.Tests.ServiceDefaults.Inference;

public sealed class PriceListTests : IDisposable
{
    private readonly string file = Path.Combine(Path.GetTempPath(), $"prices-{Guid.NewGuid():N}.json");

    [Fact]
    public void Find_SeveralThatFit_TakesTheFirst()
    {
        Write("""
            {"as_of":"2026-11-01","prices":[
            {"provider":"openai","model":"big-*","input_usd_per_million":3,"output_usd_per_million":6.5},
            {"model":"*","input_usd_per_million":1,"output_usd_per_million":2}]}
            """);
        var (list, mistakes) = PriceList.Read(file);
        Assert.Empty(mistakes);
        Assert.Equal((3m, 6.5m), (list.Find("OpenAI", "BIG-2")!.Input, list.Find("openai", "big-2")!.Output));
        Assert.Equal(1m, list.Find("azure", "big-2")!.Input);
    }

    [Theory]
    [InlineData("{", "is not valid JSON (line")]
    [InlineData("[]", "must hold an object with a list \"prices\"")]
    [InlineData("""{"prices":[]}""", "needs \"as_of\"")]
    [InlineData("""{"as_of":"yesterday","prices":[]}""", "needs \"as_of\"")]
    [InlineData("""{"as_of":"2026-11-01","prices":[{"model":"m","input_usd_per_million":-1,"output_usd_per_million":0}]}""", "prices[0] needs")]
    [InlineData("""{"as_of":"2026-11-01","prices":["m"]}""", "prices[0] needs")]
    public void Read_AFileWithAMistake_SaysWhichAndWhere(string text, string expected)
    {
        Write(text);
        Assert.Contains(expected, Assert.Single(PriceList.Read(file).Mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AFileThatIsNotThere_SaysSo() => Assert.Contains("there is no file", Assert.Single(PriceList.Read(file + "x").Mistakes), StringComparison.Ordinal);

    public void Dispose() => File.Delete(file);

    private void Write(string text) => File.WriteAllText(file, text);
}
