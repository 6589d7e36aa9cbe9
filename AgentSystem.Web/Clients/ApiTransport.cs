using System.Net.Http.Headers;
using System.Text.Json;
using AgentSystem.Contracts.Json;
using AgentSystem.Web.SignIn;

namespace AgentSystem.Web.Clients;

/// <summary>One call to the API: the key, the time limit, and every way to fail as a value.</summary>
internal sealed class ApiTransport(IHttpClientFactory clients, ISignedInKey signedIn, TimeProvider time)
{
    /// <summary>How long anything but a stream may take.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Writing follows the platform's conventions to the letter; reading overlooks members a newer API may have added.</summary>
    private static readonly JsonSerializerOptions Reading = new(PlatformJson.Options)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Skip,
    };

    public Task<ApiResult<T>> GetAsync<T>(string path, CancellationToken cancellation, string? key = null)
        where T : class =>
        CallAsync<T>(HttpMethod.Get, path, null, key, cancellation);

    public Task<ApiResult<T>> PostAsync<T>(string path, object body, CancellationToken cancellation)
        where T : class =>
        CallAsync<T>(HttpMethod.Post, path, body, null, cancellation);

    /// <summary>Gives null when it worked.</summary>
    public async Task<ApiFailure?> DeleteAsync(string path, CancellationToken cancellation)
    {
        var answer = await CallAsync<object>(HttpMethod.Delete, path, null, null, cancellation);
        return answer.Failure;
    }

    /// <summary>Sends a body and gives the answer as soon as its headers are there; the caller disposes it. Cancelling ends the request on both sides.</summary>
    public async Task<ApiResult<HttpResponseMessage>> OpenAsync(string path, object body, CancellationToken cancellation)
    {
        var client = clients.CreateClient(AgentSystemClient.HttpClientName);
        using var request = await RequestAsync(HttpMethod.Post, path, body, null);
        try
        {
            var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (answer.IsSuccessStatusCode)
            {
                return answer;
            }

            using (answer)
            {
                return await ApiFailureReader.ReadAsync(answer, cancellation);
            }
        }
        catch (HttpRequestException)
        {
            return ApiFailure.Unreachable(client.BaseAddress);
        }
    }

    private async Task<ApiResult<T>> CallAsync<T>(HttpMethod method, string path, object? body, string? key, CancellationToken cancellation)
        where T : class
    {
        var client = clients.CreateClient(AgentSystemClient.HttpClientName);
        using var request = await RequestAsync(method, path, body, key);
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            using var answer = await client.SendAsync(request, either.Token);
            return answer.IsSuccessStatusCode
                ? await ValueAsync<T>(answer, either.Token)
                : await ApiFailureReader.ReadAsync(answer, either.Token);
        }
        catch (HttpRequestException)
        {
            return ApiFailure.Unreachable(client.BaseAddress);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return ApiFailure.TimedOut(Limit);
        }
    }

    private static async Task<ApiResult<T>> ValueAsync<T>(HttpResponseMessage answer, CancellationToken cancellation)
        where T : class
    {
        if (typeof(T) == typeof(object))
        {
            return (T)new object();
        }

        try
        {
            var value = await answer.Content.ReadFromJsonAsync<T>(Reading, cancellation);
            return value is null ? ApiFailure.Unreadable((int)answer.StatusCode) : value;
        }
        catch (JsonException)
        {
            return ApiFailure.Unreadable((int)answer.StatusCode);
        }
    }

    private async Task<HttpRequestMessage> RequestAsync(HttpMethod method, string path, object? body, string? key)
    {
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if ((key ?? await signedIn.FindAsync()) is { } secret)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        }

        if (body is not null)
        {
            request.Content = JsonContent.Create(body, body.GetType(), options: PlatformJson.Options);
        }

        return request;
    }
}
