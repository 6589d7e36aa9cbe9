using System.Text;

namespace AgentSystem.ServiceDefaults.Inference.Onnx.Decoding;

/// <summary>A directed graph of matchers; a text belongs to it when some path from <see cref="Start"/> to <see cref="End"/> reads it.</summary>
internal sealed class Grammar
{
    private readonly List<Node> _nodes = [new(null), new(null)];

    /// <summary>Where reading begins; it reads nothing itself.</summary>
    public const int Start = 0;

    /// <summary>Where a complete text ends; nothing follows it.</summary>
    public const int End = 1;

    /// <summary>The matcher of a node; null for a node that only joins others.</summary>
    public IByteMatcher? Matcher(int node) => _nodes[node].Matcher;

    /// <summary>What may come after a node.</summary>
    public IReadOnlyList<int> Next(int node) => _nodes[node].Next;

    /// <summary>Adds a node that joins paths.</summary>
    public int Join()
    {
        _nodes.Add(new Node(null));
        return _nodes.Count - 1;
    }

    /// <summary>Adds a matcher behind a node.</summary>
    public int Append(int node, IByteMatcher matcher)
    {
        _nodes.Add(new Node(matcher));
        _nodes[node].Next.Add(_nodes.Count - 1);
        return _nodes.Count - 1;
    }

    /// <summary>Adds fixed text behind a node.</summary>
    public int Append(int node, string literal) => Append(node, new LiteralMatcher(Encoding.UTF8.GetBytes(literal)));

    /// <summary>Lets <paramref name="to"/> follow <paramref name="node"/>.</summary>
    public void Link(int node, int to) => _nodes[node].Next.Add(to);

    private sealed record Node(IByteMatcher? Matcher)
    {
        public List<int> Next { get; } = [];
    }
}
