using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Embeddings;

namespace AgentSystem.ServiceDefaults.Inference.OpenAI;

// OPENAI001 marks these constructors as subject to change; they are the only ones that let the key travel in another header, as Azure wants it.
#pragma warning disable OPENAI001

/// <summary>Builds clients of OpenAI's protocol for every provider that speaks it.</summary>
internal static class OpenAIProtocol
{
    /// <summary>Endpoints that ask for no key still get the header the client insists on sending.</summary>
    private const string NoKey = "none";

    /// <summary>Where and how an endpoint is asked.</summary>
    /// <param name="Address">The address the paths of the protocol are appended to.</param>
    /// <param name="Model">The endpoint's name of the model.</param>
    /// <param name="ApiKey">The secret; null or blank where none is asked for.</param>
    /// <param name="KeyHeader">Header of the secret; null for <c>Authorization: Bearer</c>.</param>
    /// <param name="Query">Appended to every address, e.g. <c>api-version=2024-10-21</c>; null for nothing.</param>
    internal sealed record Endpoint(Uri Address, string Model, string? ApiKey, string? KeyHeader = null, string? Query = null);

    /// <summary>A client that answers conversations.</summary>
    public static IChatClient Chat(Endpoint endpoint, IProviderAdvice? advice = null) =>
        new StatusChatClient(new ChatClient(endpoint.Model, Authentication(endpoint), Options(endpoint)).AsIChatClient(), new ProviderErrors(advice));

    /// <summary>A client that makes vectors.</summary>
    public static IEmbeddingGenerator<string, Embedding<float>> Embeddings(Endpoint endpoint, IProviderAdvice? advice = null) =>
        new StatusEmbeddingGenerator(new EmbeddingClient(endpoint.Model, Authentication(endpoint), Options(endpoint)).AsIEmbeddingGenerator(), new ProviderErrors(advice));

    /// <summary>What is wrong with an address.</summary>
    public static IEnumerable<string> CheckEndpoint(string at, ModelOptions settings, string example)
    {
        if (settings.Endpoint is not null
            && !(Uri.TryCreate(settings.Endpoint, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https"))
        {
            yield return $"{at}:Endpoint: '{settings.Endpoint}' is not an absolute http or https address such as {example}.";
        }

        if (settings.Path is not null)
        {
            yield return $"{at}:Path: has no meaning for the provider '{settings.Provider}'. Remove it, or set {at}:Provider to '{ModelProviders.Onnx}'.";
        }
    }

    /// <summary>Models known to have been trained so that their vectors can be cut short.</summary>
    public static bool Truncates(ModelOptions settings) => settings.Truncates ?? settings.Model!.Contains("text-embedding-3", StringComparison.OrdinalIgnoreCase);

    private static AuthenticationPolicy Authentication(Endpoint endpoint)
    {
        var credential = new ApiKeyCredential(string.IsNullOrWhiteSpace(endpoint.ApiKey) ? NoKey : endpoint.ApiKey);
        return endpoint.KeyHeader is { } header
            ? ApiKeyAuthenticationPolicy.CreateHeaderApiKeyPolicy(credential, header)
            : ApiKeyAuthenticationPolicy.CreateBearerAuthorizationPolicy(credential);
    }

    private static OpenAIClientOptions Options(Endpoint endpoint)
    {
        var options = new OpenAIClientOptions
        {
            Endpoint = endpoint.Address,
            // Retries and deadlines are the caller's: a second layer here would multiply them and hide their cost.
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
            Transport = new HttpClientPipelineTransport(CreateHttpClient()),
        };
        if (endpoint.Query is { } query)
        {
            options.AddPolicy(new QueryPolicy(query), PipelinePosition.PerCall);
        }

        return options;
    }

    // Not from the factory: the host's defaults for outgoing calls (resilience handlers) would retry behind the caller's back.
    private static HttpClient CreateHttpClient() =>
        new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = Timeout.InfiniteTimeSpan };

    private sealed class QueryPolicy(string query) : PipelinePolicy
    {
        public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            Append(message);
            ProcessNext(message, pipeline, currentIndex);
        }

        public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            Append(message);
            return ProcessNextAsync(message, pipeline, currentIndex);
        }

        private void Append(PipelineMessage message)
        {
            var address = new UriBuilder(message.Request.Uri!);
            address.Query = address.Query.Length > 1 ? $"{address.Query[1..]}&{query}" : query;
            message.Request.Uri = address.Uri;
        }
    }
}
