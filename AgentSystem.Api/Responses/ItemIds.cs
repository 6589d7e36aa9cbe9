namespace AgentSystem.Api.Responses;

/// <summary>Ids as OpenAI's clients know them: the kind of the thing, then something nobody else has.</summary>
internal static class ItemIds
{
    /// <summary>A response.</summary>
    public static string Response(DateTimeOffset at) => $"resp_{Guid.CreateVersion7(at):N}";

    /// <summary>An item of a type.</summary>
    public static string Item(string? type) => (type switch
    {
        "function_call" => "fc_",
        "function_call_output" => "fco_",
        "reasoning" => "rs_",
        _ => "msg_",
    }) + Guid.NewGuid().ToString("N");
}
