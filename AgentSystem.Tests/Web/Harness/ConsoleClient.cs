using AgentSystem.Web.Clients;
using AgentSystem.Web.SignIn;

namespace AgentSystem.Tests.Web.Harness;

/// <summary>The console's client without the console.</summary>
internal static class ConsoleClient
{
    /// <param name="api">Where the API is.</param>
    /// <param name="key">Who calls; null: nobody is signed in.</param>
    public static AgentSystemClient To(Uri api, string? key) => new(new ApiTransport(new OneAddress(api), new OneKey(key), TimeProvider.System));

    public sealed record OneKey(string? Secret) : ISignedInKey
    {
        public Task<string?> FindAsync() => Task.FromResult(Secret);
    }

    public sealed class OneAddress(Uri api) : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new() { BaseAddress = api };
    }
}
