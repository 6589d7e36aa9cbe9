using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSystem.Contracts.Json;

namespace AgentSystem.Tests.Contracts;

public class ContractTests
{
    private static readonly JsonSerializerOptions Indented = new(PlatformJson.Options) { WriteIndented = true };

    public static TheoryData<string> Names => [.. Samples.Records.Select(Samples.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Record_WithEveryMember_RoundTripsThroughTheWire(string name) => AssertRoundTrip(name, full: true);

    [Theory]
    [MemberData(nameof(Names))]
    public void Record_WithoutWhatMayBeAbsent_RoundTripsThroughTheWire(string name) => AssertRoundTrip(name, full: false);

    [Theory]
    [MemberData(nameof(Names))]
    public void Record_OnTheWire_LooksAsItWasAccepted(string name)
    {
        var type = Find(name);
        Snapshot.Matches($"{name}.json", JsonSerializer.Serialize(Samples.Make(type, full: true), Samples.Declared(type), Indented));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Record_WithAMemberNobodyKnows_IsRefusedByName(string name)
    {
        var type = Find(name);
        var json = JsonSerializer.SerializeToNode(Samples.Make(type, full: true), Samples.Declared(type), PlatformJson.Options)!.AsObject();
        json["nobody_knows"] = 1;

        var refused = Assert.Throws<JsonException>(() => json.Deserialize(Samples.Declared(type), PlatformJson.Options));

        Assert.Contains("nobody_knows", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Snapshots_EachOfThem_BelongToARecord() =>
        Assert.Empty(Directory.EnumerateFiles(Snapshot.Folder, "*.json").Select(Path.GetFileNameWithoutExtension).Except(Samples.Records.Select(Samples.Name)));

    [Fact]
    public void Records_AllOfThem_HaveDifferentNames() => Assert.Equal(Samples.Records.Count, Samples.Records.Select(Samples.Name).Distinct().Count());

    [Fact]
    public void Explain_ChangedMember_ShowsBothLinesAndTheCure()
    {
        var message = Snapshot.Explain("KeyView.json", "{\n  \"id\": 1\n}\n", "{\n  \"key_id\": 1\n}\n");

        Assert.Contains("- " + "  \"id\": 1", message, StringComparison.Ordinal);
        Assert.Contains("+ " + "  \"key_id\": 1", message, StringComparison.Ordinal);
        Assert.Contains(Snapshot.AcceptVariable, message, StringComparison.Ordinal);
    }

    private static void AssertRoundTrip(string name, bool full)
    {
        var type = Find(name);
        var sent = JsonSerializer.SerializeToNode(Samples.Make(type, full), Samples.Declared(type), PlatformJson.Options);

        var received = sent.Deserialize(Samples.Declared(type), PlatformJson.Options);

        Assert.IsType(type, received);
        Assert.True(JsonNode.DeepEquals(sent, JsonSerializer.SerializeToNode(received, Samples.Declared(type), PlatformJson.Options)), $"{name} comes back different.");
    }

    private static Type Find(string name) => Samples.Records.Single(type => Samples.Name(type) == name);
}
