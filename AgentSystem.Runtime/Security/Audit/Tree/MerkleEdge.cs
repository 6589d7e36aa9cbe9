namespace AgentSystem.Runtime.Security.Audit.Tree;

/// <summary>The right edge of a growing tree: its complete subtrees, one for each bit of its size. It is all that is needed to add leaves and to tell the root.</summary>
internal sealed class MerkleEdge
{
    private const int MostLevels = 63;

    private readonly byte[]?[] subtrees = new byte[]?[MostLevels];

    /// <summary>Leaves so far.</summary>
    public long Size { get; private set; }

    /// <summary>The subtrees a tree of this size goes on from.</summary>
    public static IEnumerable<MerkleNode> Of(long size) => MerkleTree.Nodes((0, size));

    /// <summary>The edge of a tree whose subtrees of <see cref="Of"/> have these hashes.</summary>
    public static MerkleEdge At(long size, IReadOnlyDictionary<MerkleNode, byte[]> hashes)
    {
        var edge = new MerkleEdge { Size = size };
        foreach (var node in Of(size))
        {
            edge.subtrees[node.Level] = hashes[node];
        }

        return edge;
    }

    /// <summary>Adds a leaf; <paramref name="completed"/> is told each subtree above the leaves that it completes.</summary>
    public void Add(byte[] leafHash, Action<MerkleNode, byte[]>? completed = null)
    {
        var (level, hash) = (0, leafHash);
        for (; (Size >> level & 1) == 1; level++)
        {
            hash = MerkleTree.Node(subtrees[level]!, hash);
            completed?.Invoke(new MerkleNode(level + 1, Size >> (level + 1)), hash);
        }

        subtrees[level] = hash;
        Size++;
    }

    /// <summary>The root now.</summary>
    public byte[] Root() => Size == 0 ? MerkleTree.Empty : MerkleTree.Fold(Of(Size).Select(node => subtrees[node.Level]!));
}
