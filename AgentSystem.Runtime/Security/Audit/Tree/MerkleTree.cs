using System.Security.Cryptography;

namespace AgentSystem.Runtime.Security.Audit.Tree;

/// <summary>The place of a complete subtree: <paramref name="Level"/> 0 are the leaves, and at each level places count from 0.</summary>
internal readonly record struct MerkleNode(int Level, long Place);

/// <summary>Merkle trees in the shape of RFC 6962, section 2.1 (SHA-256; 0x00 before a leaf, 0x01 before two nodes), and the proofs over them as RFC 9162, sections 2.1.3 and 2.1.4, verifies them.</summary>
internal static class MerkleTree
{
    /// <summary>The root over nothing.</summary>
    public static byte[] Empty => SHA256.HashData([]);

    public static byte[] Leaf(ReadOnlySpan<byte> data) => Hash(0, data, []);

    public static byte[] Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => Hash(1, left, right);

    /// <summary>What an inclusion proof consists of: each step is a range of leaves whose hash is the sibling, from the leaf upwards.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such leaf in a tree of this size.</exception>
    public static IReadOnlyList<(long From, long To)> InclusionPath(long leaf, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(leaf);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(leaf, size);
        var path = new List<(long, long)>();
        var (from, to) = (0L, size);
        while (to - from > 1)
        {
            var middle = from + Half(to - from);
            path.Insert(0, leaf < middle ? (middle, to) : (from, middle));
            (from, to) = leaf < middle ? (from, middle) : (middle, to);
        }

        return path;
    }

    /// <summary>What a proof consists of that the tree over the first <paramref name="size"/> leaves is the beginning of the later one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The earlier size is not between 1 and the later one.</exception>
    public static IReadOnlyList<(long From, long To)> ConsistencyPath(long size, long later)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, later);
        var path = new List<(long, long)>();
        var (from, to, whole) = (0L, later, true);
        while (size != to)
        {
            var middle = from + Half(to - from);
            path.Insert(0, size <= middle ? (middle, to) : (from, middle));
            (from, to, whole) = size <= middle ? (from, middle, whole) : (middle, to, false);
        }

        if (!whole)
        {
            path.Insert(0, (from, to));
        }

        return path;
    }

    /// <summary>The complete subtrees that a range of a path is made of, from the left.</summary>
    public static IEnumerable<MerkleNode> Nodes((long From, long To) range)
    {
        var at = range.From;
        for (var level = 62; level >= 0; level--)
        {
            if (((range.To - range.From) >> level & 1) == 1)
            {
                yield return new MerkleNode(level, at >> level);
                at += 1L << level;
            }
        }
    }

    /// <summary>The hash of a range, from those of its complete subtrees.</summary>
    public static byte[] Fold(IEnumerable<byte[]> nodes) => nodes.Reverse().Aggregate(static (right, left) => Node(left, right));

    /// <summary>True when the path leads from the leaf to the root.</summary>
    public static bool Includes(byte[] leafHash, long leaf, long size, IReadOnlyList<byte[]> path, byte[] root)
    {
        if (leaf < 0 || leaf >= size)
        {
            return false;
        }

        var (at, last, hash) = (leaf, size - 1, leafHash);
        foreach (var step in path)
        {
            if (last == 0)
            {
                return false;
            }

            if ((at & 1) == 1 || at == last)
            {
                hash = Node(step, hash);
                for (; (at & 1) == 0 && at != 0; at >>= 1)
                {
                    last >>= 1;
                }
            }
            else
            {
                hash = Node(hash, step);
            }

            (at, last) = (at >> 1, last >> 1);
        }

        return last == 0 && hash.AsSpan().SequenceEqual(root);
    }

    /// <summary>True when the path shows that the earlier tree is the beginning of the later one.</summary>
    public static bool IsConsistent(long size, byte[] root, long later, byte[] laterRoot, IReadOnlyList<byte[]> path)
    {
        if (size < 1 || size > later)
        {
            return false;
        }

        if (size == later)
        {
            return path.Count == 0 && root.AsSpan().SequenceEqual(laterRoot);
        }

        IReadOnlyList<byte[]> steps = long.IsPow2(size) ? [root, .. path] : path;
        if (steps.Count == 0)
        {
            return false;
        }

        var (at, last) = (size - 1, later - 1);
        for (; (at & 1) == 1; at >>= 1)
        {
            last >>= 1;
        }

        var (first, second) = (steps[0], steps[0]);
        foreach (var step in steps.Skip(1))
        {
            if (last == 0)
            {
                return false;
            }

            if ((at & 1) == 1 || at == last)
            {
                (first, second) = (Node(step, first), Node(step, second));
                for (; (at & 1) == 0 && at != 0; at >>= 1)
                {
                    last >>= 1;
                }
            }
            else
            {
                second = Node(second, step);
            }

            (at, last) = (at >> 1, last >> 1);
        }

        return last == 0 && first.AsSpan().SequenceEqual(root) && second.AsSpan().SequenceEqual(laterRoot);
    }

    /// <summary>The largest power of two that is smaller.</summary>
    private static long Half(long size) => 1L << (63 - System.Numerics.BitOperations.LeadingZeroCount((ulong)(size - 1)));

    private static byte[] Hash(byte kind, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        Span<byte> data = stackalloc byte[1 + first.Length + second.Length];
        data[0] = kind;
        first.CopyTo(data[1..]);
        second.CopyTo(data[(1 + first.Length)..]);
        return SHA256.HashData(data);
    }
}
