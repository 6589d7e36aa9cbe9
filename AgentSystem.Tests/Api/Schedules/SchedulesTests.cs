using System.Net;
using System.Net.Http.Json;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Schedules;
using AgentSystem.Contracts.Security;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Api.Runs;
using AgentSystem.Tests.Api.Threads;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Api.Schedules;

/// <summary>Schedules are made, read, paused and removed.</summary>
public sealed class SchedulesTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Path = "/api/v1/schedules";
    private const string Yearly = """{"name":"new year","cron":"0 0 1 1 *","agent":"assistant","input":"happy new year"}""";

    [Fact]
    public async Task Make_Pause_ResumeAndRemove_DoesWhatItSays()
    {
        using var client = api.Client();
        var made = await MakeAsync(client, Yearly);
        var paused = await PatchAsync(client, made.Id, """{"enabled":false}""");
        var resumed = await PatchAsync(client, made.Id, """{"enabled":true,"cron":"0 0 2 1 *","name":"day after"}""");
        using var gone = await client.DeleteAsync($"{Path}/{made.Id}");
        using var nowhere = await client.GetAsync($"{Path}/{made.Id}");

        Assert.True(made is { Enabled: true, NextAt: { Month: 1, Day: 1, Hour: 0, Offset.Ticks: 0 } });
        Assert.Equal((false, (DateTimeOffset?)null), (paused.Enabled, paused.NextAt));
        Assert.Equal((true, "day after", 2), (resumed.Enabled, resumed.Name, resumed.NextAt!.Value.Day));
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (gone.StatusCode, nowhere.StatusCode));
    }

    [Theory]
    [InlineData("""{"name":" ","cron":"0 0 1 1 *","agent":"assistant","input":"x"}""", "name")]
    [InlineData("""{"name":"n","cron":"soon","agent":"assistant","input":"x"}""", "cron")]
    [InlineData("""{"name":"n","cron":"0 0 1 1 *","agent":"nobody","input":"x"}""", "agent")]
    [InlineData("""{"name":"n","cron":"0 0 1 1 *","agent":"assistant","input":""}""", "input")]
    [InlineData("""{"name":"n","cron":"0 0 1 1 *","agent":"assistant","input":"x","webhook":"https://10.0.0.1/"}""", "webhook")]
    [InlineData("""{"name":"n","cron":"0 0 1 1 *","agent":"assistant","input":"x","thread_id":"thread_none"}""", "thread_id")]
    [InlineData("""{"name":"n","cron":"0 0 1 1 *","agent":"assistant","input":"x","often":true}""", "often")]
    public async Task Make_WithSomethingWrong_IsRefusedByName(string body, string param)
    {
        using var client = api.Client();
        using var answer = await client.PostAsync(Path, BadInputTests.Json(body));

        Assert.InRange((int)answer.StatusCode, 400, 404);
        Assert.Equal(param, await RunsTests.ParamAsync(answer));
    }

    [Fact]
    public async Task AnyPath_OfAnotherUsersSchedule_DoesNotExistForABoundKey()
    {
        using var admin = api.Client();
        using var bound = await api.ClientWithAsync(new CreateKey("bound", [Scopes.RunsRead, Scopes.RunsWrite], User: "me"));
        var theirs = await MakeAsync(admin, Yearly);
        var mine = await MakeAsync(bound, Yearly);
        using var read = await bound.GetAsync($"{Path}/{theirs.Id}");
        using var change = await bound.PatchAsync($"{Path}/{theirs.Id}", BadInputTests.Json("""{"enabled":false}"""));
        using var remove = await bound.DeleteAsync($"{Path}/{theirs.Id}");

        Assert.All([read, change, remove], answer => Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode));
        Assert.Equal([mine.Id], (await bound.ReadAsync<ListPage<ScheduleView>>(Path)).Data.Select(schedule => schedule.Id));
        Assert.Equal("me", mine.User);
    }

    private static async Task<ScheduleView> MakeAsync(HttpClient client, string body)
    {
        using var answer = await client.PostAsync(Path, BadInputTests.Json(body));
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<ScheduleView>(PlatformJson.Options))!;
    }

    private static async Task<ScheduleView> PatchAsync(HttpClient client, string id, string body)
    {
        using var answer = await client.PatchAsync($"{Path}/{id}", BadInputTests.Json(body));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<ScheduleView>(PlatformJson.Options))!;
    }
}
