using AgentSystem.Runtime.Security.Screening;
using AgentSystem.Runtime.Security.Screening.Decoding;
using AgentSystem.Runtime.Security.Screening.Injection;

namespace AgentSystem.Tests.Runtime.Security.Screening;

public class ScreeningWarmUpTests
{
    private readonly ScreeningWarmUp warmUp = new(new TextScreener(InjectionModel.Shipped));

    [Fact]
    public void Run_OfTheWarmUp_ScreensEveryTextABoundedNumberOfTimes() =>
        Assert.Equal(ScreeningWarmUp.Texts.Count * ScreeningWarmUp.Rounds, warmUp.Run(TestContext.Current.CancellationToken));

    [Fact]
    public void Run_WhenTheProcessStops_Ends() => Assert.Throws<OperationCanceledException>(() => warmUp.Run(new CancellationToken(canceled: true)));

    [Fact]
    public async Task Start_ForASecondTimeInAProcess_DoesNothing()
    {
        await warmUp.StartAsync(TestContext.Current.CancellationToken);

        Assert.True(warmUp.StartAsync(new CancellationToken(canceled: true)).IsCompletedSuccessfully);
    }

    [Theory]
    [InlineData("base64")]
    [InlineData("hex")]
    [InlineData("binary")]
    [InlineData("codes")]
    [InlineData("rot13")]
    [InlineData("spaced")]
    [InlineData("reversed")]
    [InlineData("leet")]
    [InlineData("lookalikes")]
    [InlineData("url")]
    [InlineData("escapes")]
    [InlineData("html")]
    [InlineData("comment")]
    [InlineData("tags")]
    public void Texts_OfTheWarmUp_TouchEveryDecoder(string view) =>
        Assert.Contains(view, ScreeningWarmUp.Texts.SelectMany(static text => TextViews.Of(text).Views).Select(static each => each.Name));
}
