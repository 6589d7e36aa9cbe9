using System.Globalization;

namespace AgentSystem.Web.Components.Controls;

/// <summary>Sizes as a person reads them.</summary>
public static class Bytes
{
    private const double Step = 1024;

    public static string InWords(long bytes) => bytes switch
    {
        < 1024 => $"{bytes} B",
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / Step:0.#} KB"),
        < 1024 * 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / Step / Step:0.#} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / Step / Step / Step:0.#} GB"),
    };
}
