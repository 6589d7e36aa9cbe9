using System.Net.Http.Json;
using System.Text.Json;
using AgentSystem.ServiceDefaults.Inference.OpenAI;

namespace AgentSystem.ServiceDefaults.Inference.Ollama;

/// <summary>Asks the server which models it has (<c>GET /api/tags</c>), once it said that it lacks ours.</summary>
internal sealed class PulledModels(string name, string model, string server) : IProviderAdvice
{
    private const int Shown = 20;
    private static readonly HttpClient Http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = TimeSpan.FromSeconds(2) };

    public async ValueTask<string?> OnStatusAsync(int status, CancellationToken cancellation)
    {
        if (status != 404)
        {
            return null;
        }

        var pulled = await ListAsync(cancellation).ConfigureAwait(false);
        var has = pulled switch
        {
            null => "",
            { Count: 0 } => " It has pulled none yet.",
            _ => $" It has {string.Join(", ", pulled.Take(Shown))}{(pulled.Count > Shown ? ", ..." : "")}.",
        };
        return $"The Ollama server of model \"{name}\" has not pulled '{model}'.{has} Run 'ollama pull {model}' there, or set Models:{name}:Model to one it has.";
    }

    private async Task<List<string>?> ListAsync(CancellationToken cancellation)
    {
        try
        {
            var tags = await Http.GetFromJsonAsync<JsonElement>(new Uri(server + "/api/tags"), cancellation).ConfigureAwait(false);
            return [.. tags.GetProperty("models").EnumerateArray().Select(static each => each.GetProperty("name").GetString()!).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && e is HttpRequestException or JsonException or KeyNotFoundException or InvalidOperationException or OperationCanceledException)
        {
            // The list is only advice; the error it belongs to is told without it.
            return null;
        }
    }
}
