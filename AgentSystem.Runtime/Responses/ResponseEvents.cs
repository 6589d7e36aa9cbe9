using System.Text;
using System.Text.Json.Nodes;

namespace AgentSystem.Runtime.Responses;

/// <summary>Numbers events from 0 and writes them as server-sent events; the number is also the event's place in the recording.</summary>
/// <param name="first">Number of the first one.</param>
public sealed class ResponseEvents(int first = 0)
{
    /// <summary>Ends every stream.</summary>
    public static ReadOnlyMemory<byte> Done { get; } = "data: [DONE]\n\n"u8.ToArray();

    private int next = first;

    /// <summary>An event on the wire.</summary>
    public byte[] Frame(string type, JsonObject members)
    {
        ArgumentNullException.ThrowIfNull(members);
        var json = new JsonObject { ["type"] = type, ["sequence_number"] = next++ };
        foreach (var (name, value) in members.ToList())
        {
            members.Remove(name);
            json[name] = value;
        }

        return Encoding.UTF8.GetBytes($"event: {type}\ndata: {json.ToJsonString(ResponseJson.Values)}\n\n");
    }

    /// <summary>An event that shows the whole response.</summary>
    public byte[] Frame(string type, StoredResponse response) => Frame(type, new JsonObject { ["response"] = ResponseJson.Of(response) });

    /// <summary>An error of the stream itself.</summary>
    public byte[] Error(string code, string message) => Frame("error", new JsonObject { ["code"] = code, ["message"] = message, ["param"] = null });

    /// <summary>The last event of a response that has ended. There is none of its own for a cancelled one: it is incomplete, and its status says why.</summary>
    public byte[] Last(StoredResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return Frame(
            response.Status switch
            {
                ResponseStatus.Completed => "response.completed",
                ResponseStatus.Failed => "response.failed",
                _ => "response.incomplete",
            },
            response);
    }
}
