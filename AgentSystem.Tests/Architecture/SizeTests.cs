namespace AgentSystem.Tests.Architecture;

public class SizeTests
{
    [Fact]
    public void Files_EachOfThem_FitTheLimit() => Rule.Holds(SizeRules.CheckFiles(Repository.Files), "Split by what the parts do, not by partial.");

    [Fact]
    public void Files_NineteenOfTwenty_AreShort() => Assert.InRange(SizeRules.P95(Repository.Product), 1, SizeRules.MaxCommonLines);

    [Fact]
    public void Constructors_EachOfThem_TakeFewParameters() =>
        Rule.Holds(SizeRules.CheckConstructors(Repository.Product), "The class does too much, or some parameters belong together under a name.");

    [Fact]
    public void CheckFiles_LongFile_IsCaught() =>
        Rule.Catches(SizeRules.CheckFiles([Lines("AgentSystem.Api/Chat/Answer.cs", 351), Lines("AgentSystem.Api/Chat/Ask.cs", 350)]), "Answer.cs: 351 lines");

    [Fact]
    public void CheckFiles_LongProgram_IsCaught() => Rule.Catches(SizeRules.CheckFiles([Lines("AgentSystem.Api/Program.cs", 40)]), "40 lines");

    [Theory]
    [InlineData("internal sealed class Wide(int a, int b, int c, int d, int e, int f, int g, int h, int i);")]
    [InlineData("class Wide { public Wide(int a, int b, int c, int d, int e, int f, Dictionary<int, int> g, (int, int) h, int i) { } }")]
    [InlineData("class Wide<T>(int a, int b, int c, int d, int e, int f, int g, int h, T i) where T : class;")]
    public void CheckConstructors_NineParameters_IsCaught(string code) =>
        Rule.Catches(SizeRules.CheckConstructors([new SourceFile("AgentSystem.Api/Wide.cs", code)]), "Wide takes 9 parameters");

    [Theory]
    [InlineData("class Fits(int a, int b, int c, int d, int e, int f, Dictionary<int, (int, int)> g, Func<int, int> h);")]
    [InlineData("record Data(int a, int b, int c, int d, int e, int f, int g, int h, int i);")]
    [InlineData("class None { public None() { } }")]
    public void CheckConstructors_EightParametersOrARecord_Passes(string code) =>
        Assert.Empty(SizeRules.CheckConstructors([new SourceFile("AgentSystem.Api/Fits.cs", code)]));

    private static SourceFile Lines(string path, int count) => new(path, string.Concat(Enumerable.Repeat("//\n", count)));
}
