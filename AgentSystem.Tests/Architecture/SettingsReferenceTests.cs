using AgentSystem.Tests.Contracts;

namespace AgentSystem.Tests.Architecture;

public class SettingsReferenceTests
{
    private static readonly IReadOnlyList<Setting> Settings = SettingsReference.Read(Repository.Product);

    [Fact]
    public void Document_IsWrittenFromTheOptionsClasses()
    {
        var document = Repository.File(SettingsReference.Document).Text;
        Same(SettingsReference.Document, document, SettingsReference.Rewrite(document, Settings));
    }

    [Fact]
    public void Catalogue_IsWrittenFromTheOptionsClasses() =>
        Same(SettingsReference.Catalogue, Repository.Exists(SettingsReference.Catalogue) ? Repository.File(SettingsReference.Catalogue).Text : "", SettingsReference.Json(Settings));

    [Fact]
    public void Read_AnOption_KnowsItsDefaultRangeAndMeaning()
    {
        var slots = Assert.Single(Settings, setting => setting.Name == "Routing:Slots");

        Assert.Equal(("32", "1 to 10000", "Runs this process executes at once"), (slots.Default, slots.Range, slots.Meaning));
    }

    [Fact]
    public void Settings_EachOfThem_SaysWhatItMeans() =>
        Rule.Holds(Settings.Where(setting => setting.Meaning.Length < 10).Select(setting => setting.Name), "Write a docstring of one sentence.");

    private static void Same(string path, string there, string wanted)
    {
        if (Environment.GetEnvironmentVariable(Snapshot.AcceptVariable) == "1")
        {
            File.WriteAllText(Path.Combine(Repository.Root, path), wanted);
            return;
        }

        Assert.True(there == wanted, $"{path} does not say what the options classes say; run these tests once with {Snapshot.AcceptVariable}=1 and commit the file.");
    }
}
