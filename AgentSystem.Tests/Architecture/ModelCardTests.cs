using System.Security.Cryptography;

namespace AgentSystem.Tests.Architecture;

/// <summary>The rule of honesty (docs/decisions/0007): the test file was fixed before the weights, and its hash stands in the model card.</summary>
public class ModelCardTests
{
    private const string Folder = "models/assistant-small";

    [Fact]
    public void Card_OfTheShippedModel_CarriesTheHashOfItsTestFile()
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(Repository.Root, Folder, "evaluation", "test.jsonl"))));

        Assert.Contains(hash, Repository.File($"{Folder}/README.md").Text, StringComparison.OrdinalIgnoreCase);
    }
}
