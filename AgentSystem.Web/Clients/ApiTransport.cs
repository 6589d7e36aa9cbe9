using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using AgentSystem.Contracts.Json;
using AgentSystem.Web.SignIn;

namespace AgentSystem.Web.Clients;

/// <summary>One call to the API: the key, the time limit, and every way to fail as a value.</summary>
internal sealed class ApiTransport(IHttpClientFactory clients, ISignedInKey signedIn, TimeProvider time)
{
    /// <summary>Writing follows the platform's conventions to the letter; reading overlooks members a newer API may have added.</summary>
    private static readonly JsonSerializerOptions Reading = new(PlatformJson.Options)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Skip,
    };

    public Task<ApiResult<T>> GetAsync<T>(string path, CancellationToken cancellation, string? key = null)
        where T : class =>
        SendAsync<T>(new ApiCall(HttpMethod.Get, path) { Key = key }, cancellation);

    /// <summary>A whole list, page after page.</summary>
    public async Task<ApiResult<ListPage<T>>> GetAllAsync<T>(string path, CancellationToken cancellation, string? key = null)
    {
        var all = new List<T>();
        string? cursor = null;
        do
        {
            var page = await GetAsync<ListPage<T>>(ApiCall.With(path, ("limit", "200"), ("cursor", cursor)), cancellation, key);
            if (!page.IsSuccess)
            {
                return page;
            }

            all.AddRange(page.Value.Data);
            cursor = page.Value.NextCursor;
        }
        while (cursor is not null);
        return new ListPage<T>(all);
    }

    public Task<ApiResult<T>> PostAsync<T>(string path, object? body, CancellationToken cancellation)
        where T : class =>
        SendAsync<T>(new ApiCall(HttpMethod.Post, path, body), cancellation);

    /// <summary>Gives null when it worked.</summary>
    public async Task<ApiFailure?> DeleteAsync(string path, CancellationToken cancellation)
    {
        var answer = await SendAsync<object>(new ApiCall(HttpMethod.Delete, path), cancellation);
        return answer.Failure;
    }

    /// <summary>Sends a body and gives the answer as soon as its headers are there; the caller disposes it. Cancelling ends the request on both sides.</summary>
    public Task<ApiResult<HttpResponseMessage>> OpenAsync(string path, object body, CancellationToken cancellation) => OpenAsync(new ApiCall(HttpMethod.Post, path, body), cancellation);

    /// <summary>The same for any call; its limit does not hold, because a stream lasts as long as what it tells.</summary>
    public async Task<ApiResult<HttpResponseMessage>> OpenAsync(ApiCall call, CancellationToken cancellation)
    {
        var client = clients.CreateClient(AgentSystemClient.HttpClientName);
        using var request = await RequestAsync(call);
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

    /// <summary>Makes a call. For <c>object</c> as <typeparamref name="T"/> the answer's body is not read.</summary>
    public async Task<ApiResult<T>> SendAsync<T>(ApiCall call, CancellationToken cancellation)
        where T : class
    {
        var client = clients.CreateClient(AgentSystemClient.HttpClientName);
        using var request = await RequestAsync(call);
        using var limit = new CancellationTokenSource(call.Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            using var answer = await client.SendAsync(request, either.Token);
            return answer.IsSuccessStatusCode
                // The tag without its weakness: a proxy that packs answers marks them weak, and a change must still be made on top of what was seen.
                ? (await ValueAsync<T>(answer, either.Token)).At(answer.Headers.ETag?.Tag, (int)answer.StatusCode)
                : await ApiFailureReader.ReadAsync(answer, either.Token);
        }
        catch (HttpRequestException)
        {
            return ApiFailure.Unreachable(client.BaseAddress);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return ApiFailure.TimedOut(call.Limit);
        }
    }

    private static async Task<ApiResult<T>> ValueAsync<T>(HttpResponseMessage answer, CancellationToken cancellation)
        where T : class
    {
        if (typeof(T) == typeof(object))
        {
            return (T)new object();
        }

        if (typeof(T) == typeof(string))
        {
            return (T)(object)await answer.Content.ReadAsStringAsync(cancellation);
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

    private async Task<HttpRequestMessage> RequestAsync(ApiCall call)
    {
        var request = new HttpRequestMessage(call.Method, new Uri(call.Path, UriKind.Relative));
        if ((call.Key ?? await signedIn.FindAsync()) is { } secret)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        }

        if (call.IfMatch is { } etag)
        {
            request.Headers.IfMatch.Add(new EntityTagHeaderValue(etag));
        }

        if (call.LastEventId is { } last)
        {
            request.Headers.Add("Last-Event-ID", last.ToString(CultureInfo.InvariantCulture));
        }

        request.Content = call.Body switch
        {
            null => null,
            HttpContent content => content,
            var body => JsonContent.Create(body, body.GetType(), options: PlatformJson.Options),
        };
        return request;
    }
}
