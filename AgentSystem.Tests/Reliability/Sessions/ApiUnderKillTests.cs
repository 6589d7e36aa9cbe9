using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Harness;
using Npgsql;

namespace AgentSystem.Tests.Reliability.Sessions;

/// <summary>The API's process is killed with -9 while clients send updates over HTTP. A client whose connection broke sends the same again with the same Idempotency-Key; every update is made exactly once.</summary>
public sealed class ApiUnderKillTests(TestPostgres postgres)
{
    private const int Kills = 2;
    private const int BetweenKills = 25;
    private const string Path = "/api/v1/state/assistant/under-kill";

    [Fact]
    public async Task Api_KilledInALoop_MakesEveryUpdateExactlyOnce()
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database);
        var running = Start(database);
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        address.SetResult(await AddressAsync(running));
        var (sent, done, counted) = (0, new ConcurrentBag<int>(), new SemaphoreSlim(0));
        using var stop = new CancellationTokenSource();
        var working = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var number = Interlocked.Increment(ref sent);
                while (!await SendAsync(await Volatile.Read(ref address).Task, number))
                {
                    // The connection broke: whether it was made is not known, so the same again.
                }

                done.Add(number);
                counted.Release();
            }
        })).ToList();

        try
        {
            for (var kill = 0; kill < Kills; kill++)
            {
                await TakeAsync(counted, BetweenKills);
                var next = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
                Volatile.Write(ref address, next);
                await running.SignalAsync("KILL");
                await running.ExitAsync();
                await running.DisposeAsync();
                running = Start(database);
                next.SetResult(await AddressAsync(running));
            }

            await TakeAsync(counted, BetweenKills);
            await stop.CancelAsync();
            await Task.WhenAll(working);
        }
        finally
        {
            await running.DisposeAsync();
        }

        await using var items = source.CreateCommand("SELECT jsonb_array_elements(value)::text::int FROM agentsystem.session_keys WHERE session = 'under-kill'");
        await using var reader = await items.ExecuteReaderAsync();
        var found = new List<int>();
        while (await reader.ReadAsync())
        {
            found.Add(reader.GetInt32(0));
        }

        Assert.Equal(done.Order(), found.Order());
    }

    private static async Task TakeAsync(SemaphoreSlim counted, int count)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.True(await counted.WaitAsync(TimeSpan.FromMinutes(1)), "Updates stopped being acknowledged.");
        }
    }

    /// <summary>False when no answer came.</summary>
    private static async Task<bool> SendAsync(Uri address, int number)
    {
        using var client = new HttpClient { BaseAddress = address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ApiFixture.Admin);
        using var request = new HttpRequestMessage(HttpMethod.Patch, Path) { Content = BadInputTests.Json($$"""{"updates":[{"key":"items","value":[{{number}}],"strategy":"append"}]}""") };
        request.Headers.Add("Idempotency-Key", number.ToString(CultureInfo.InvariantCulture));
        try
        {
            using var answer = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<Uri> AddressAsync(TestProcess api)
    {
        const string Before = "Now listening on: ";
        var line = await api.LineAsync(line => line.Contains(Before, StringComparison.Ordinal));
        return new Uri(line[(line.IndexOf(Before, StringComparison.Ordinal) + Before.Length)..].Trim());
    }

    private static TestProcess Start(string database)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(System.IO.Path.DirectorySeparatorChar));
        var program = System.IO.Path.Combine(here.Parent!.Parent!.FullName, "AgentSystem.Api", here.Name, "AgentSystem.Api.dll");
        var start = new ProcessStartInfo("dotnet", [program]) { WorkingDirectory = "/" };
        foreach (var inherited in start.Environment.Keys.Where(name => name.StartsWith("AGENTSYSTEM_", StringComparison.Ordinal) || name.StartsWith("ConnectionStrings__", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(inherited);
        }

        start.Environment["ConnectionStrings__postgres"] = database;
        start.Environment["AGENTSYSTEM_ROOT_KEY"] = "a-root-key-for-tests-0123456789-0123456789";
        start.Environment["AGENTSYSTEM_ADMIN_KEY"] = ApiFixture.Admin;
        start.Environment["AGENTSYSTEM_API_URL"] = "http://127.0.0.1:0";
        start.Environment["Models__small__Provider"] = "openai";
        start.Environment["Models__small__Model"] = "unused";
        start.Environment["Models__small__Endpoint"] = "http://127.0.0.1:9/v1";
        return TestProcess.Start(start);
    }
}
