using System.Collections.Frozen;
using System.Text;
using AngleSharp.Dom;

namespace AgentSystem.Runtime.Documents.AngleSharp;

/// <summary>Walks a page's tree in its order, without recursion, and puts its text into blocks.</summary>
internal sealed class HtmlText
{
    private static readonly FrozenSet<string> Unread = Names("head script style template noscript iframe object embed applet audio video canvas svg math map datalist rp");

    private static readonly FrozenSet<string> Paragraphs = Names(
        "html body p div section article main header footer nav aside address blockquote figure figcaption form fieldset legend details summary dl table caption hr pre ul ol menu h1 h2 h3 h4 h5 h6");

    private static readonly FrozenSet<string> Lines = Names("li dt dd tr option br");
    private static readonly string[] Hiding = ["display:none", "visibility:hidden"];

    private readonly List<TextBlock> blocks = [];
    private readonly StringBuilder text = new();
    private int level;
    private int preformatted;

    public List<TextBlock> Read(INode root, CancellationToken stop)
    {
        // The library finds a node's neighbour by looking for the node among all its siblings: the place among them is kept here instead.
        var path = new Stack<Place>();
        path.Push(new Place(root));
        while (path.TryPeek(out var place))
        {
            stop.ThrowIfCancellationRequested();
            if (place.Next < place.Children.Length)
            {
                Visit(place.Children[place.Next++], place, path);
                continue;
            }

            path.Pop();
            if (place.Node is IElement element)
            {
                Leave(element);
            }
        }

        Flush();
        return blocks;
    }

    private void Visit(INode node, Place parent, Stack<Place> path)
    {
        if (node is IText words)
        {
            text.Append(preformatted > 0 ? words.Data : words.Data.Replace('\n', ' ').Replace('\r', ' '));
        }
        else if (node is IElement element)
        {
            if (Enter(element, parent.HasElements))
            {
                path.Push(new Place(element));
            }

            parent.HasElements = true;
        }
    }

    /// <summary>True when what is inside shall be read.</summary>
    private bool Enter(IElement element, bool hasElementsBefore)
    {
        var name = element.LocalName;
        if (Unread.Contains(name) || IsHidden(element))
        {
            return false;
        }

        if (Paragraphs.Contains(name))
        {
            // A list inside an item is more lines of the same list.
            if (name is "ul" or "ol" && element.ParentElement?.LocalName == "li")
            {
                text.Append('\n');
            }
            else
            {
                Flush();
            }

            level = HeadingLevel(name);
            preformatted += name == "pre" ? 1 : 0;
        }
        else if (Lines.Contains(name))
        {
            text.Append(name == "li" ? "\n- " : "\n");
        }
        else if (name is "td" or "th" && hasElementsBefore)
        {
            text.Append(" | ");
        }

        return true;
    }

    private void Leave(IElement element)
    {
        var name = element.LocalName;
        if (Paragraphs.Contains(name) && !(name is "ul" or "ol" && element.ParentElement?.LocalName == "li"))
        {
            Flush();
            level = 0;
            preformatted -= name == "pre" ? 1 : 0;
        }
    }

    private void Flush()
    {
        // An item whose words stand in paragraphs of their own is a dash and nothing else.
        var clean = string.Join('\n', TextLines.CleanAll(text.ToString()).Split('\n').Where(line => line != "-"));
        text.Clear();
        if (clean.Length > 0)
        {
            blocks.Add(new TextBlock(level, level > 0 ? clean.Replace('\n', ' ') : clean));
        }
    }

    private static bool IsHidden(IElement element)
    {
        if (element.HasAttribute("hidden") || element.GetAttribute("aria-hidden") == "true" || (element.LocalName == "dialog" && !element.HasAttribute("open")))
        {
            return true;
        }

        var style = element.GetAttribute("style")?.Replace(" ", "", StringComparison.Ordinal);
        return style is not null && Hiding.Any(hiding => style.Contains(hiding, StringComparison.OrdinalIgnoreCase));
    }

    private static int HeadingLevel(string name) => name is ['h', >= '1' and <= '6'] ? name[1] - '0' : 0;

    private static FrozenSet<string> Names(string list) => list.Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Where the walk stands inside a node.</summary>
    private sealed class Place(INode node)
    {
        public INode Node => node;

        public INodeList Children { get; } = node.ChildNodes;

        public int Next { get; set; }

        public bool HasElements { get; set; }
    }
}
