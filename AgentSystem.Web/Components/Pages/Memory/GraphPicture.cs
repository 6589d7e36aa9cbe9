using System.Globalization;
using AgentSystem.Contracts.Memory;

namespace AgentSystem.Web.Components.Pages.Memory;

/// <summary>Where things stand in the picture: on a circle, the most named at the top, so that the same memory is always drawn the same.</summary>
internal static class GraphPicture
{
    /// <summary>Width and height of the picture.</summary>
    public const double Size = 640;

    /// <summary>Most things drawn; more cannot be read.</summary>
    public const int Most = 24;

    private const double Radius = 230;

    /// <summary>The drawn things with their places.</summary>
    public static IReadOnlyList<(MemoryNode Node, double X, double Y)> Place(MemoryGraph graph)
    {
        var nodes = graph.Nodes.Take(Most).ToList();
        return [.. nodes.Select((node, at) =>
        {
            var angle = (2 * Math.PI * at / Math.Max(1, nodes.Count)) - (Math.PI / 2);
            return (node, Math.Round((Size / 2) + (Radius * Math.Cos(angle)), 1), Math.Round((Size / 2) + (Radius * Math.Sin(angle)), 1));
        })];
    }

    /// <summary>How thick a line or how large a dot is that stands for so many memories.</summary>
    public static string Weight(int memories, double least, double most) => Number(Math.Min(most, least + Math.Log2(Math.Max(1, memories))));

    /// <summary>A number as SVG wants it.</summary>
    public static string Number(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>A name short enough to stand at a dot.</summary>
    public static string Short(string name) => name.Length <= 18 ? name : name[..17] + "…";
}
