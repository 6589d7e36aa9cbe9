using System.Text.Json.Nodes;

namespace AgentSystem.Runtime.Agents.Rules;

/// <summary>
/// What the platform reads of an agent's <c>security</c> member: <c>input</c> (<c>off</c>, <c>monitor</c>, <c>block</c>, <c>strict</c>) and <c>personal_data</c>
/// (<c>report</c>, <c>mask</c>, <c>redact</c>, <c>block</c>). Other members are kept as given, as the contract says.
/// </summary>
internal static class SecurityMember
{
    /// <summary>Blocks what is certainly an injection, counts what may be one.</summary>
    public const string DefaultInput = "block";

    /// <summary>Personal data stay where they are; users talk about themselves.</summary>
    public const string DefaultPersonalData = "report";

    private static readonly string[] Inputs = ["off", "monitor", "block", "strict"], PersonalData = ["report", "mask", "redact", "block"];

    /// <summary>What is wrong with the member; null when nothing is.</summary>
    public static AgentRefusal? Check(JsonObject? security) => Check(security, "input", Inputs) ?? Check(security, "personal_data", PersonalData);

    /// <summary>How inputs are screened.</summary>
    public static string Input(JsonObject? security) => Known(security, "input", Inputs) ?? DefaultInput;

    /// <summary>What is done about personal data and secrets of inputs.</summary>
    public static string OfPersonalData(JsonObject? security) => Known(security, "personal_data", PersonalData) ?? DefaultPersonalData;

    private static AgentRefusal? Check(JsonObject? security, string member, string[] known) =>
        security?[member] is null || Known(security, member, known) is not null ? null : AgentRules.Invalid($"security.{member}", $"\"security.{member}\" must be one of {string.Join(", ", known)}.");

    private static string? Known(JsonObject? security, string member, string[] known) =>
        security?[member] is JsonValue value && value.TryGetValue<string>(out var text) && known.Contains(text, StringComparer.Ordinal) ? text : null;
}
