using System.Text.Json.Nodes;
using AgentSystem.Control.Deployment.Kubernetes.Templates;

namespace AgentSystem.Tests.Control.Deployment.Kubernetes;

/// <summary>The part of Helm's language that the chart is written in. The whole chart was once rendered by Go's own engine, too (docs/unverified.md); these are the corners.</summary>
public class TemplateTests
{
    private const string Name = "c/templates/x.yaml";

    [Theory]
    [InlineData("a {{ .Values.word }} b", "a it b")]
    [InlineData("a\n  {{- .Values.word -}}\n b", "aitb")]
    [InlineData("{{ .Values.word | quote }}", "\"it\"")]
    [InlineData("{{ .Values.count | int }}", "3")]
    [InlineData("{{ .Values.nothing | quote }}", "")]
    [InlineData("{{/* said to nobody */}}x", "x")]
    [InlineData("{{ \"}} {{\" }}", "}} {{")]
    [InlineData("{{ `back \"quoted\"` }}", "back \"quoted\"")]
    [InlineData("{{ if .Values.off }}a{{ else if eq .Values.word \"it\" }}b{{ else }}c{{ end }}", "b")]
    [InlineData("{{ if and .Values.on (not .Values.off) }}yes{{ end }}", "yes")]
    [InlineData("{{ if or .Values.off .Values.empty }}yes{{ else }}no{{ end }}", "no")]
    [InlineData("{{ range $k, $v := .Values.map }}{{ $k }}={{ $v | quote }};{{ end }}", "a=\"1\";b=\"two\";")]
    [InlineData("{{ range $k, $v := .Values.empty }}x{{ end }}", "")]
    [InlineData("{{ printf \"%s-%s\" .Values.word (default \"d\" .Values.nothing) }}", "it-d")]
    [InlineData("{{ replace \"'\" \"''\" \"it's\" }}", "it''s")]
    [InlineData("{{ ternary \"a\" \"b\" (ne .Values.word \"it\") }}", "b")]
    [InlineData("x:\n  {{- toYaml .Values.map | nindent 2 }}", "x:\n  a: 1\n  b: \"two\"")]
    [InlineData("{{ include (print $.Template.BasePath \"/y.yaml\") . | sha256sum }}", "2e7d2c03a9507ae265ecf5b5356885a53393a2029d241394997265a1a25aefc6")]
    public void Render_PartOfTheLanguage_DoesWhatHelmDoes(string template, string expected) => Assert.Equal(expected, Render(template));

    [Theory]
    [InlineData("{{ required \"give the word\" .Values.nothing }}", "give the word")]
    [InlineData("{{ required \"give the word\" \"\" }}", "give the word")]
    [InlineData("{{ if .Values.on }}x", "has no {{ end }}")]
    [InlineData("x{{ end }}", "without its beginning")]
    [InlineData("{{ .Values.word", "without its }}")]
    [InlineData("{{ with .Values.map }}x{{ end }}", "outside the part of the language")]
    [InlineData("{{ lookup \"v1\" \"Secret\" \"x\" }}", "outside the part of the language")]
    [InlineData("{{ .Values.nothing.below }}", "a values file lacks")]
    [InlineData("{{ $unknown }}", "no variable")]
    [InlineData("{{ .Values.word | int }}", "no whole number")]
    [InlineData("{{ .Values.map }}", "use toYaml")]
    [InlineData("{{ printf \"%d\" 1 }}", "only %s")]
    [InlineData("{{ include \"c/templates/none.yaml\" . }}", "no template")]
    [InlineData("{{ include (print $.Template.BasePath \"/x.yaml\") . }}", "includes itself")]
    public void Render_WhatIsWrong_IsToldWithTheFile(string template, string told)
    {
        var refusal = Assert.Throws<TemplateException>(() => Render(template));

        Assert.StartsWith(Name, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(told, refusal.Message, StringComparison.Ordinal);
    }

    private static string Render(string template)
    {
        var values = JsonNode.Parse("""{"word":"it","count":3,"on":true,"off":false,"empty":{},"map":{"b":"two","a":1}}""");
        return new TemplateRenderer(new Dictionary<string, string> { [Name] = template, ["c/templates/y.yaml"] = "c" }).Render(Name, new Dictionary<string, object?>
        {
            ["Values"] = TemplateData.From(values),
            ["Template"] = new Dictionary<string, object?> { ["BasePath"] = "c/templates" },
        });
    }
}
