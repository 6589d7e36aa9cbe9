using MudBlazor;

namespace AgentSystem.Web.Components;

/// <summary>Colours and type. Both palettes are written into the page; <c>theme.js</c> chooses by an attribute of the root, so the first paint is right and switching needs no server.</summary>
internal static class ConsoleTheme
{
    public static MudTheme Light { get; } = Make(":root");

    public static MudTheme Dark { get; } = Make(":root[data-theme=dark]");

    private static MudTheme Make(string scope)
    {
        var theme = new MudTheme
        {
            PaletteLight = new PaletteLight
            {
                Primary = "#3f51c7",
                PrimaryContrastText = "#ffffff",
                Secondary = "#5b6270",
                Success = "#1a7f4b",
                Warning = "#9a6400",
                Error = "#c2323a",
                Info = "#2563a8",
                Background = "#f6f7f9",
                Surface = "#ffffff",
                TextPrimary = "#181b22",
                TextSecondary = "#5b6270",
                TextDisabled = "#9aa0ac",
                ActionDefault = "#5b6270",
                LinesDefault = "#e3e5ea",
                LinesInputs = "#c3c8d2",
                TableLines = "#e9ebef",
                Divider = "#e3e5ea",
                Dark = "#262a33",
            },
            PaletteDark = new PaletteDark
            {
                Primary = "#98a6ff",
                PrimaryContrastText = "#0e1116",
                Secondary = "#a0a7b6",
                Success = "#5fd39a",
                Warning = "#e5b567",
                Error = "#ff8a8a",
                ErrorContrastText = "#1a0c0c",
                Info = "#7fb8f5",
                Background = "#0f1116",
                Surface = "#171a21",
                TextPrimary = "#e8eaf0",
                TextSecondary = "#a0a7b6",
                TextDisabled = "#666d7b",
                ActionDefault = "#a0a7b6",
                LinesDefault = "#272b35",
                LinesInputs = "#434957",
                TableLines = "#22262f",
                Divider = "#272b35",
                Dark = "#2b303b",
                OverlayDark = "rgba(0,0,0,0.6)",
            },
            LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px" },
        };
        theme.PseudoCss.Scope = scope;
        return theme;
    }
}
