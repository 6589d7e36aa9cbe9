namespace AgentSystem.Tests.Architecture;

public class PackageTests
{
    private const string Record = "docs/decisions/0003-dependencies.md";

    [Fact]
    public void Versions_AllOfThem_StandInOneFile() => Rule.Holds(PackageRules.CheckVersions(Repository.Files), "Versions belong into Directory.Packages.props.");

    [Fact]
    public void Packages_EachOfThem_HaveAWrittenReason() =>
        Rule.Holds(PackageRules.CheckReasons(Repository.Files, Repository.File(Record)), "Add a row: why it is there and what it would cost to write ourselves.");

    [Fact]
    public void Record_EachOfItsRows_IsStillUsed() => Rule.Holds(PackageRules.CheckStale(Repository.Files, Repository.File(Record)), "Take the row away.");

    [Fact]
    public void Files_EachOfThem_NameNoRegistry() => Rule.Holds(PackageRules.CheckRegistries(Repository.Files), "Leave the source of packages to the machine's configuration.");

    [Fact]
    public void BannedSymbols_ClockAndChance_AreBanned()
    {
        var banned = Repository.File("eng/BannedSymbols.txt").Lines.Select(line => line.Split(';')[0]).ToArray();
        Assert.Superset(
            new HashSet<string> { "P:System.DateTime.Now", "P:System.DateTime.UtcNow", "P:System.DateTimeOffset.Now", "P:System.DateTimeOffset.UtcNow", "P:System.Random.Shared" },
            banned.ToHashSet(StringComparer.Ordinal));
        Assert.Contains("BannedSymbols.txt", Repository.File("eng/Analyzers.props").Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.csproj", "<Project><ItemGroup><PackageReference Include=\"A\" Version=\"1\" /></ItemGroup></Project>")]
    [InlineData("a.csproj", "<Project><ItemGroup><PackageReference Include=\"A\" VersionOverride=\"1\" /></ItemGroup></Project>")]
    [InlineData("eng/a.props", "<Project><ItemGroup><PackageVersion Include=\"A\" Version=\"1\" /></ItemGroup></Project>")]
    public void CheckVersions_VersionElsewhere_IsCaught(string path, string text) => Rule.Catches(PackageRules.CheckVersions([new SourceFile(path, text)]), "A carries a version");

    [Fact]
    public void CheckReasons_PackageWithoutARow_IsCaught() => Rule.Catches(
        PackageRules.CheckReasons([new SourceFile("a.csproj", "<Project><PackageReference Include=\"Known\" /><AspirePackageReference Include=\"Known;New\" /></Project>")], new SourceFile(Record, "| `Known` | why |")),
        "New");

    [Fact]
    public void CheckStale_RowWithoutAPackage_IsCaught() =>
        Rule.Catches(PackageRules.CheckStale([new SourceFile("a.csproj", "<Project />")], new SourceFile(Record, "| package | why |\n|---|---|\n| `Gone` | why |\n")), "Gone");

    [Theory]
    [InlineData("NuGet.config", "<add key=\"x\" value=\"https://" + "nuget.example.com/v3/index.json\" />")]
    [InlineData("a/package-lock.json", "\"resolved\": \"" + "https://packages.example.com/openai.tgz\"")]
    [InlineData(".npmrc", "registry=http://" + "npm.example.com/")]
    public void CheckRegistries_RegistryHost_IsCaught(string path, string text) => Rule.Catches(PackageRules.CheckRegistries([new SourceFile(path, text)]), "names the registry");
}
