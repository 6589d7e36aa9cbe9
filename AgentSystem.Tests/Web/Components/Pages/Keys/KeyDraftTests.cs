using AgentSystem.Contracts.Security;
using AgentSystem.Web.Components.Pages.Keys;

namespace AgentSystem.Tests.Web.Components.Pages.Keys;

public sealed class KeyDraftTests
{
    [Fact]
    public void ToRequest_LeftEmpty_AsksForNoRestriction()
    {
        var request = new KeyDraft { Name = " shop " }.ToRequest();
        Assert.Equal("shop", request.Name);
        Assert.Equal([Scopes.Chat], request.Scopes);
        Assert.True(request is { User: null, Agents: null, Tools: null, Limits: null, ExpiresInDays: null });
    }

    [Fact]
    public void ToRequest_FilledIn_AsksForAllOfIt()
    {
        var request = new KeyDraft { Name = "shop", User = "u1", Agents = ["assistant"], Tools = ["clock"], Concurrency = 2, ExpiresInDays = 30 }.ToRequest();
        Assert.Equal(("u1", 30), (request.User, request.ExpiresInDays!.Value));
        Assert.Equal(["assistant"], request.Agents!);
        Assert.Equal(["clock"], request.Tools!);
        Assert.Equal(new KeyLimits(Concurrency: 2), request.Limits);
    }

    [Fact]
    public void Problem_OutOfRange_IsSaidBeforeTheApiIsAsked()
    {
        Assert.NotNull(new KeyDraft().Problem());
        Assert.NotNull(new KeyDraft { Name = "a", Scopes = [] }.Problem());
        Assert.NotNull(new KeyDraft { Name = "a", Concurrency = 0 }.Problem());
        Assert.NotNull(new KeyDraft { Name = "a", ExpiresInDays = 3651 }.Problem());
        Assert.Null(new KeyDraft { Name = "a" }.Problem());
    }
}
