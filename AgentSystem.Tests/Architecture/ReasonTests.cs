namespace AgentSystem.Tests.Architecture;

public class ReasonTests
{
    [Fact]
    public void Suppressions_EachOfThem_SayWhy() => Rule.Holds(ReasonRules.Check(Repository.Files), "Write the reason on the line above or beside it.");

    [Theory]
    [InlineData("a.cs", "int x;\n#pragma warning disable CA1000")]
    [InlineData("a.cs", "[SuppressMessage(\"Style\", \"CA1000\")]")]
    [InlineData("a.csproj", "<PropertyGroup>\n<NoWarn>CA1000</NoWarn>")]
    [InlineData("Directory.Build.props", "<TreatWarningsAsErrors>false</TreatWarningsAsErrors>")]
    [InlineData(".editorconfig", "[*.cs]\ndotnet_diagnostic.CA1000.severity = none")]
    [InlineData("a.py", "import x  # noqa")]
    public void Check_SuppressionWithoutReason_IsCaught(string path, string text) => Rule.Catches(ReasonRules.Check([new SourceFile(path, text)]), path);

    [Theory]
    [InlineData("a.cs", "#pragma warning disable CA1000 // The generator cannot write it otherwise.\n#pragma warning restore CA1000")]
    [InlineData("a.cs", "// The generator cannot write it otherwise.\n#pragma warning disable CA1000")]
    [InlineData("a.cs", "[SuppressMessage(\"Style\", \"CA1000\", Justification = \"The generator writes it so.\")]")]
    [InlineData("a.csproj", "<!-- The feed has version holes. -->\n<NoWarn>NU1603</NoWarn>")]
    [InlineData(".editorconfig", "# The culture is always the invariant one.\ndotnet_diagnostic.CA1304.severity = none\ndotnet_diagnostic.CA1305.severity = none")]
    [InlineData(".editorconfig", "dotnet_diagnostic.CA1304.severity = error")]
    public void Check_SuppressionWithReason_Passes(string path, string text) => Assert.Empty(ReasonRules.Check([new SourceFile(path, text)]));
}
