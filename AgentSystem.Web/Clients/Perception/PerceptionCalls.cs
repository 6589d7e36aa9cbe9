using System.Net.Http.Headers;
using AgentSystem.Contracts.Perception;

namespace AgentSystem.Web.Clients.Perception;

/// <summary>What texts, images and sounds are.</summary>
internal sealed class PerceptionCalls(ApiTransport transport)
{
    /// <summary>Largest file the API takes (its body limit, less the form around the file).</summary>
    public const long LargestFile = (20 * 1024 * 1024) - (16 * 1024);

    private const string Root = "/api/v1/perception";

    /// <summary>A large file on a slow line, and models after it.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public Task<ApiResult<Perceived>> PerceiveTextAsync(string text, CancellationToken cancellation) =>
        transport.PostAsync<Perceived>(Root, new Perceive([new PerceptionPart("text", text)]), cancellation);

    /// <param name="describe">True: models are asked too.</param>
    public async Task<ApiResult<Perceived>> PerceiveFileAsync(Stream file, string name, string? mediaType, bool describe, CancellationToken cancellation)
    {
        using var form = new MultipartFormDataContent();
        var content = new StreamContent(file);
        if (MediaTypeHeaderValue.TryParse(mediaType, out var parsed))
        {
            content.Headers.ContentType = parsed;
        }

        form.Add(content, "file", name);
        form.Add(new StringContent("true"), "thumbnails");
        form.Add(new StringContent(describe ? "true" : "false"), "describe");
        return await transport.SendAsync<Perceived>(new ApiCall(HttpMethod.Post, Root, form) { Limit = Limit }, cancellation);
    }
}
