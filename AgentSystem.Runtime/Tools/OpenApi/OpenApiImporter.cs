using System.Net.Http.Headers;
using System.Text.Json;
using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Egress;
using AgentSystem.Runtime.Tools.Calls;
using AgentSystem.Runtime.Tools.Catalogue;
using AgentSystem.Runtime.Tools.Http;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Tools.OpenApi;

/// <summary>Reads OpenAPI documents, given or fetched, into one tool for each operation.</summary>
public sealed class OpenApiImporter(ToolHttp http, EgressRule egress, IOptions<ToolsOptions> options) : IToolImporter
{
    private const int Deepest = 256;

    /// <inheritdoc/>
    public ToolKind Kind => ToolKind.Openapi;

    /// <inheritdoc/>
    public async Task<ImportedTools> ReadAsync(ImportSource source, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        var origin = source.Tool.Origin!;
        var document = origin.Document ?? Parse(await FetchAsync(source, cancellation).ConfigureAwait(false));
        var address = Base(document, source.Tool.Url, origin);
        if (egress.Problem(address) is { } problem)
        {
            throw new ToolImportException(400, $"The operations of the document are at {Shown(address)}, which must be {problem}; name the right address in \"base_url\".");
        }

        return new OpenApiReader(document, address).Read(origin.Operations);
    }

    private async Task<byte[]> FetchAsync(ImportSource source, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(source.Tool.Url));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        foreach (var (name, value) in source.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            using var answer = await http.Pooled.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
            return answer.IsSuccessStatusCode
                ? await BytesAsync(answer.Content, cancellation).ConfigureAwait(false)
                : throw new ToolImportException(502, $"The document's address answered {(int)answer.StatusCode}; look whether \"url\" and \"headers\" are right.");
        }
        catch (HttpRequestException failure)
        {
            throw new ToolImportException(502, $"The document could not be fetched: {ToolHttp.Read(failure, "its address").Message}.", failure);
        }
        catch (IOException failure)
        {
            throw new ToolImportException(502, "The document could not be fetched: the connection broke off; try again.", failure);
        }
    }

    private async Task<byte[]> BytesAsync(HttpContent content, CancellationToken cancellation)
    {
        var most = options.Value.MaxDocumentBytes;
        await using var stream = await content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        using var all = new MemoryStream();
        var buffer = new byte[81_920];
        for (int count; (count = await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0;)
        {
            if (all.Length + count > most)
            {
                throw new ToolImportException(400, $"The document has more than {most} bytes (Tools:MaxDocumentBytes); give the part that is needed in \"document\".");
            }

            all.Write(buffer, 0, count);
        }

        return all.ToArray();
    }

    private static JsonElement Parse(byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = Deepest });
            return document.RootElement.Clone();
        }
        catch (JsonException failure)
        {
            throw new ToolImportException(400, "The document is no JSON; one in YAML must be turned into JSON first.", failure);
        }
    }

    /// <summary>
    /// Where calls go: what the caller said, else the document's first server. That must be where the document is, because calls carry credentials, and a document must not decide whom they are shown to.
    /// </summary>
    private static string Base(JsonElement document, string url, ToolOrigin origin)
    {
        if (origin.BaseUrl is { } named)
        {
            return named;
        }

        if (origin.Document is not null)
        {
            return url;
        }

        var from = new Uri(url);
        var server = document.ValueKind == JsonValueKind.Object && document.TryGetProperty("servers", out var servers) && servers.ValueKind == JsonValueKind.Array && servers.GetArrayLength() > 0
            ? Filled(servers[0])
            : "/";
        if (!Uri.TryCreate(from, server, out var address))
        {
            throw new ToolImportException(400, $"The document's server \"{Shown(server)}\" is no address; name one in \"base_url\".");
        }

        return Uri.Compare(address, from, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0
            ? address.GetLeftPart(UriPartial.Path)
            : throw new ToolImportException(400, $"The document's server {Shown(address.GetLeftPart(UriPartial.Path))} is on another host than the document; name it in \"base_url\" if calls, and the credentials they carry, shall go there.");
    }

    private static string Filled(JsonElement server)
    {
        var url = server.ValueKind == JsonValueKind.Object && server.TryGetProperty("url", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "/";
        if (server.ValueKind == JsonValueKind.Object && server.TryGetProperty("variables", out var variables) && variables.ValueKind == JsonValueKind.Object)
        {
            foreach (var variable in variables.EnumerateObject())
            {
                if (variable.Value.ValueKind == JsonValueKind.Object && variable.Value.TryGetProperty("default", out var usual) && usual.ValueKind == JsonValueKind.String)
                {
                    url = url.Replace($"{{{variable.Name}}}", usual.GetString(), StringComparison.Ordinal);
                }
            }
        }

        return url;
    }

    private static string Shown(string address) => address.Length > 200 ? address[..200] : address;
}
