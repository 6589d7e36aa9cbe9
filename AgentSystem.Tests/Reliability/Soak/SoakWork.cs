using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentSystem.Runtime.Sessions;
using AgentSystem.Tests.Api.Chat;
using Npgsql;

namespace AgentSystem.Tests.Reliability.Soak;

/// <summary>What callers do all the time: append to agents' state, begin runs that move money, ask a priced model under a budget; and somebody who looks at the accounts. Who gets no answer sends the same again, perhaps elsewhere.</summary>
internal sealed class SoakWork(SoakWorld world, int seed)
{
    private const int ItemsPerSession = 100;
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(30);

    private int numbers;
    private int callers;

    /// <summary>Items whose append was acknowledged.</summary>
    public ConcurrentBag<int> Appended { get; } = [];

    /// <summary>Runs that were accepted.</summary>
    public ConcurrentBag<string> Runs { get; } = [];

    /// <summary>How many calls of the priced model were answered, by status; 0: no answer.</summary>
    public ConcurrentDictionary<int, int> Chats { get; } = [];

    /// <summary>What was wrong with the accounts at any moment somebody looked.</summary>
    public ConcurrentBag<string> WrongAccounts { get; } = [];

    public static string SessionOf(int item) => "soak-" + (item / ItemsPerSession).ToString(CultureInfo.InvariantCulture);

    public Task RunAsync(CancellationToken stop) => Task.WhenAll(
        RepeatAsync(AppendAsync, stop), RepeatAsync(AppendAsync, stop), RepeatAsync(AppendAsync, stop), RepeatAsync(BeginAsync, stop), RepeatAsync(ChatAsync, stop), RepeatAsync(LookAsync, stop));

    private async Task RepeatAsync(Func<Random, Task> work, CancellationToken stop)
    {
        var chance = new Random(seed + Interlocked.Increment(ref callers));
        while (!stop.IsCancellationRequested)
        {
            await work(chance);
            await Task.Delay(Between, CancellationToken.None);
        }
    }

    private async Task AppendAsync(Random chance)
    {
        var item = Interlocked.Increment(ref numbers);
        await UntilAsync(chance, HttpStatusCode.OK, () => Request(HttpMethod.Patch, "/api/v1/state/assistant/" + SessionOf(item), $$"""{"updates":[{"key":"items","value":[{{item}}],"strategy":"append"}]}""", $"append-{item}"));
        Appended.Add(item);
    }

    private async Task BeginAsync(Random chance)
    {
        var key = $"run-{Interlocked.Increment(ref numbers)}";
        var id = (await UntilAsync(chance, HttpStatusCode.Accepted, () => Request(HttpMethod.Post, "/api/v1/runs", $$"""{"agent":"{{SoakWorld.Agent}}","input":"move money"}""", key))).GetProperty("id").GetString()!;
        Runs.Add(id);
        while (true)
        {
            var run = await UntilAsync(chance, HttpStatusCode.OK, () => new HttpRequestMessage(HttpMethod.Get, "/api/v1/runs/" + id));
            if (run.GetProperty("status").GetString() is not ("pending" or "running"))
            {
                return;
            }

            await Task.Delay(Between);
        }
    }

    private async Task ChatAsync(Random chance)
    {
        using var request = Request(HttpMethod.Post, "/v1/chat/completions", $$"""{"model":"model:{{SoakWorld.Priced}}","max_tokens":10,"messages":[{"role":"user","content":"question {{Interlocked.Increment(ref numbers)}}"}]}""", null);
        var (status, _) = await SendAsync(chance, request);
        Chats.AddOrUpdate((int)status, 1, static (_, count) => count + 1);
    }

    private async Task LookAsync(Random chance)
    {
        try
        {
            var seen = (await world.Sessions.Store.ReadAsync(Harness.BankTool.Scope, Harness.BankTool.Session, new SessionRead(), default))!;
            foreach (var wrong in Bank.Check(Bank.Balances(seen), Bank.Ledger(seen)))
            {
                WrongAccounts.Add(wrong);
            }
        }
        catch (Exception away) when (away is NpgsqlException or IOException or TimeoutException)
        {
            // The database is being killed; there is nothing to see.
        }
    }

    /// <summary>Sends the same until it is answered as it should be; refusals other than "not now" are defects.</summary>
    private async Task<JsonElement> UntilAsync(Random chance, HttpStatusCode wanted, Func<HttpRequestMessage> request)
    {
        while (true)
        {
            using var next = request();
            var (status, body) = await SendAsync(chance, next);
            if (status == wanted)
            {
                return body;
            }

            Assert.True(status is 0 or HttpStatusCode.ServiceUnavailable or HttpStatusCode.Conflict, $"{next.Method} {next.RequestUri} was answered {status}: {body}");
            await Task.Delay(Between);
        }
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(Random chance, HttpRequestMessage request)
    {
        try
        {
            using var answer = await world.Places[chance.Next(world.Places.Count)].Client.SendAsync(request);
            return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
        }
        catch (Exception silence) when (silence is HttpRequestException or OperationCanceledException or IOException)
        {
            return (0, default);
        }
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string body, string? key)
    {
        var request = new HttpRequestMessage(method, path) { Content = BadInputTests.Json(body) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return request;
    }
}
