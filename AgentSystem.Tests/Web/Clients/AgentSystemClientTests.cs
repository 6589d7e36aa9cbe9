using AgentSystem.Contracts.Feedback;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;
using AgentSystem.Tests.Web.Harness;
using AgentSystem.Web.Clients;
using AgentSystem.Web.Clients.Chat;

namespace AgentSystem.Tests.Web.Clients;

public sealed class AgentSystemClientTests : IAsyncLifetime
{
    private ScriptedApi _api = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _api = await ScriptedApi.StartAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task CheckAdminKeyAsync_AdminKey_GivesTheNameItWasCreatedWith() =>
        Assert.Equal("first admin key", (await Client(null).CheckAdminKeyAsync(ScriptedApi.AdminKey, Cancellation)).Value);

    [Theory]
    [InlineData("as-somebody-elses-key", 401)]
    [InlineData(ScriptedApi.ChatKey, 403)]
    [InlineData("with a space", 401)]
    [InlineData("with\nbreak", 401)]
    [InlineData("schlüssel", 401)]
    public async Task CheckAdminKeyAsync_OtherKey_IsRefused(string key, int status) =>
        Assert.Equal(status, (await Client(null).CheckAdminKeyAsync(key, Cancellation)).Failure!.Status);

    [Fact]
    public async Task Agents_Listed_ComeByName() =>
        Assert.Equal(["assistant", "researcher"], (await Client().Agents.ListAsync(null, null, Cancellation)).Value!.Data.Select(static agent => agent.Name));

    [Fact]
    public async Task Keys_CreatedAndRevoked_ShowInTheList()
    {
        var client = Client();
        var created = await client.CreateKeyAsync(new CreateKey("shop", [Scopes.Chat], Limits: new KeyLimits(5), ExpiresInDays: 30), Cancellation);
        Assert.StartsWith("as-", created.Value!.Key, StringComparison.Ordinal);
        Assert.Null(await client.RevokeKeyAsync(created.Value.Id, Cancellation));
        var listed = (await client.ListKeysAsync(Cancellation)).Value!.Data.Single(key => key.Id == created.Value.Id);
        Assert.NotNull(listed.RevokedAt);
        Assert.Equal(5, listed.Limits.RequestsPerMinute);
    }

    [Fact]
    public async Task CreateKeyAsync_Refused_GivesTheApisWords()
    {
        var refused = await Client().CreateKeyAsync(new CreateKey("none", []), Cancellation);
        Assert.Equal(new ApiFailure(400, "invalid_request", "scopes: at least one is needed."), refused.Failure);
    }

    [Fact]
    public async Task GetRequestAsync_UnknownId_IsNotFound() =>
        Assert.Equal("request_not_found", (await Client().GetRequestAsync("req/../x y", Cancellation)).Failure!.Code);

    [Fact]
    public async Task GiveFeedbackAsync_Rating_Arrives()
    {
        Assert.True((await Client().GiveFeedbackAsync(new GiveFeedback("assistant", 5, "req_1"), Cancellation)).IsSuccess);
        Assert.Equal(new GiveFeedback("assistant", 5, "req_1"), Assert.Single(_api.Feedback));
    }

    [Fact]
    public async Task ChatAsync_Question_IsSentAsAnyClientSendsIt()
    {
        var events = new List<ChatEvent>();
        await foreach (var happened in Client().ChatAsync(new ChatQuestion("assistant", [new("user", "What is 17 times 23?")], "u1"), Cancellation))
        {
            events.Add(happened);
        }

        Assert.Equal("17 times 23 is 391.", string.Concat(events.OfType<ChatText>().Select(static piece => piece.Text)));
        Assert.IsType<ChatFinished>(events[^1]);
        var asked = Assert.Single(_api.Questions);
        Assert.True(asked.GetProperty("stream").GetBoolean());
        Assert.True(asked.GetProperty("stream_options").GetProperty("include_usage").GetBoolean());
        Assert.Equal("u1", asked.GetProperty("user").GetString());
    }

    [Fact]
    public async Task ChatAsync_Cancelled_HangsUp()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in Client().ChatAsync(new ChatQuestion("assistant", [new("user", "go on forever")], null), stop.Token))
            {
                await stop.CancelAsync();
            }
        });
        await _api.HungUp.Task.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task ChatAsync_BrokenOff_IsAFailure()
    {
        ChatEvent? last = null;
        await foreach (var happened in Client().ChatAsync(new ChatQuestion("assistant", [new("user", "break")], null), Cancellation))
        {
            last = happened;
        }

        Assert.Equal(ApiFailure.BrokenOffCode, Assert.IsType<ChatFailed>(last).Failure.Code);
    }

    [Fact]
    public async Task AnyCall_NobodyListens_NamesTheAddressAndTheCure()
    {
        var address = _api.Address;
        await _api.DisposeAsync();
        var failure = (await Client(ScriptedApi.AdminKey, address).GetOverviewAsync(Cancellation)).Failure!;
        Assert.Equal(ApiFailure.UnreachableCode, failure.Code);
        Assert.Contains(address.ToString(), failure.Message, StringComparison.Ordinal);
        Assert.Contains("Api:Url", failure.Message, StringComparison.Ordinal);
    }

    private AgentSystemClient Client(string? key = ScriptedApi.AdminKey, Uri? address = null) => ConsoleClient.To(address ?? _api.Address, key);
}
