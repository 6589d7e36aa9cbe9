namespace AgentSystem.Runtime.Responses;

/// <summary>Ids as OpenAI's clients know them: the kind of the thing, then something nobody else has.</summary>
public static class ItemIds
{
    private const string RunPrefix = "run_";
    private const string ResponsePrefix = "resp_";

    /// <summary>A response.</summary>
    public static string Response(DateTimeOffset at) => $"{ResponsePrefix}{Guid.CreateVersion7(at):N}";

    /// <summary>The run that makes a background response.</summary>
    public static string RunOf(string response) => RunPrefix + response;

    /// <summary>The response a run makes; null: it makes none.</summary>
    public static string? ResponseOf(string run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.StartsWith(RunPrefix + ResponsePrefix, StringComparison.Ordinal) ? run[RunPrefix.Length..] : null;
    }

    /// <summary>An item of a type.</summary>
    public static string Item(string? type) => (type switch
    {
        "function_call" => "fc_",
        "function_call_output" => "fco_",
        "reasoning" => "rs_",
        _ => "msg_",
    }) + Guid.NewGuid().ToString("N");
}
