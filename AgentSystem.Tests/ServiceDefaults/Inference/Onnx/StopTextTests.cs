using AgentSystem.ServiceDefaults.Inference.Onnx.Decoding;
using CsCheck;
using Xunit;

namespace AgentSystem.Tests.ServiceDefaults.Inference.Onnx;

public sealed class StopTextTests
{
    private static readonly Gen<string> Text = Gen.Char["ab. "].Array[0, 30].Select(characters => new string(characters));

    [Fact]
    public void Push_AnyPieces_GiveTheTextUpToTheFirstStop() =>
        Gen.Select(Text.Array[0, 8], Gen.Char["ab. "].Array[1, 3].Select(characters => new string(characters)).Array[0, 3]).Sample((pieces, stops) =>
        {
            var stop = new StopText(stops);
            var whole = string.Concat(pieces);
            var cut = stops.Select(each => whole.IndexOf(each, StringComparison.Ordinal)).Where(at => at >= 0).DefaultIfEmpty(whole.Length).Min();
            Assert.Equal(whole[..cut], string.Concat(pieces.Select(stop.Push)) + stop.Flush());
        });
}
