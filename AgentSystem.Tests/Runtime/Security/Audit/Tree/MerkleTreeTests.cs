using AgentSystem.Runtime.Security.Audit.Tree;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Security.Audit.Tree;

public sealed class MerkleTreeTests
{
    private static readonly byte[][] Inputs = [.. new[] { "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f" }.Select(static text => Convert.FromHexString(text))];

    private static readonly Gen<byte[][]> Leaves = Gen.Int[1, 70].Select(static count => Enumerable.Range(0, count).Select(static i => BitConverter.GetBytes(i)).ToArray());

    // The vectors of RFC 6962's reference implementation (certificate-transparency, merkletree/merkle_tree_test.cc).
    [Theory]
    [InlineData(0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData(1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")]
    [InlineData(2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77")]
    [InlineData(4, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4")]
    [InlineData(6, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef")]
    [InlineData(7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c")]
    [InlineData(8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")]
    public void Root_OfTheReferencesInputs_IsTheReferences(int count, string root)
    {
        var edge = new MerkleEdge();
        foreach (var input in Inputs.Take(count))
        {
            edge.Add(MerkleTree.Leaf(input));
        }

        Assert.Equal(root, Convert.ToHexStringLower(edge.Root()));
        Assert.Equal(root, Convert.ToHexStringLower(Naive(Inputs[..count])));
    }

    [Fact]
    public void Root_OfAGrowingTree_IsTheNaiveOneAtEverySize() => Leaves.Sample(static leaves =>
    {
        var edge = new MerkleEdge();
        for (var size = 1; size <= leaves.Length; size++)
        {
            edge.Add(MerkleTree.Leaf(leaves[size - 1]));
            Assert.Equal(Naive(leaves[..size]), edge.Root());
        }
    });

    [Fact]
    public void Edge_TakenUpAgainFromItsNodes_GoesOnTheSame() => Gen.Select(Leaves, Gen.Int[0, 70]).Sample(static (leaves, cut) =>
    {
        var (nodes, edge) = (NodesOf(leaves), new MerkleEdge());
        foreach (var leaf in leaves.Take(cut))
        {
            edge.Add(MerkleTree.Leaf(leaf));
        }

        var again = MerkleEdge.At(edge.Size, nodes);
        foreach (var leaf in leaves.Skip(cut))
        {
            again.Add(MerkleTree.Leaf(leaf));
        }

        Assert.Equal(Naive(leaves), again.Root());
    });

    [Fact]
    public void InclusionPath_OfEveryLeafAtEverySize_LeadsToTheRootAndFromNoOtherLeaf() => Leaves.Sample(static leaves =>
    {
        var (nodes, root) = (NodesOf(leaves), Naive(leaves));
        for (var leaf = 0; leaf < leaves.Length; leaf++)
        {
            var path = Hashes(MerkleTree.InclusionPath(leaf, leaves.Length), nodes);
            var hash = MerkleTree.Leaf(leaves[leaf]);

            Assert.Equal(NaivePath(leaf, leaves), path);
            Assert.True(MerkleTree.Includes(hash, leaf, leaves.Length, path, root));
            Assert.False(MerkleTree.Includes(MerkleTree.Leaf("other"u8), leaf, leaves.Length, path, root));
            Assert.False(MerkleTree.Includes(hash, leaf, leaves.Length, path, MerkleTree.Empty));
            Assert.False(MerkleTree.Includes(hash, leaf, leaves.Length, [.. path, root], root));
            Assert.False(leaf + 1 < leaves.Length && MerkleTree.Includes(hash, leaf + 1, leaves.Length, path, root));
            Assert.False(path.Count > 0 && MerkleTree.Includes(hash, leaf, leaves.Length, [.. path.Take(path.Count - 1)], root));
        }
    }, iter: 30);

    [Fact]
    public void ConsistencyPath_OfEveryEarlierSize_ShowsThatNothingChanged() => Leaves.Sample(static leaves =>
    {
        var (nodes, root) = (NodesOf(leaves), Naive(leaves));
        for (var size = 1; size <= leaves.Length; size++)
        {
            var (path, earlier) = (Hashes(MerkleTree.ConsistencyPath(size, leaves.Length), nodes), Naive(leaves[..size]));

            Assert.Equal(NaiveProof(size, leaves, true), path);
            Assert.True(MerkleTree.IsConsistent(size, earlier, leaves.Length, root, path));
            Assert.False(MerkleTree.IsConsistent(size, MerkleTree.Leaf("other"u8), leaves.Length, root, path));
            Assert.False(MerkleTree.IsConsistent(size, earlier, leaves.Length, MerkleTree.Leaf("other"u8), path));
            Assert.False(MerkleTree.IsConsistent(size, earlier, leaves.Length, root, [.. path, root]));
            Assert.False(path.Count > 0 && MerkleTree.IsConsistent(size, earlier, leaves.Length, root, [.. path.Skip(1)]));
        }
    }, iter: 30);

    [Fact]
    public void Paths_OfWhatIsNotThere_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => MerkleTree.InclusionPath(3, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => MerkleTree.ConsistencyPath(0, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => MerkleTree.ConsistencyPath(4, 3));
    }

    /// <summary>RFC 6962, section 2.1, word for word.</summary>
    private static byte[] Naive(byte[][] leaves) => leaves.Length switch
    {
        0 => MerkleTree.Empty,
        1 => System.Security.Cryptography.SHA256.HashData([0, .. leaves[0]]),
        _ => System.Security.Cryptography.SHA256.HashData([1, .. Naive(leaves[..Split(leaves.Length)]), .. Naive(leaves[Split(leaves.Length)..])]),
    };

    /// <summary>Section 2.1.1.</summary>
    private static List<byte[]> NaivePath(int leaf, byte[][] leaves)
    {
        if (leaves.Length == 1)
        {
            return [];
        }

        var half = Split(leaves.Length);
        return leaf < half ? [.. NaivePath(leaf, leaves[..half]), Naive(leaves[half..])] : [.. NaivePath(leaf - half, leaves[half..]), Naive(leaves[..half])];
    }

    /// <summary>Section 2.1.2.</summary>
    private static List<byte[]> NaiveProof(int size, byte[][] leaves, bool whole)
    {
        if (size == leaves.Length)
        {
            return whole ? [] : [Naive(leaves)];
        }

        var half = Split(leaves.Length);
        return size <= half ? [.. NaiveProof(size, leaves[..half], whole), Naive(leaves[half..])] : [.. NaiveProof(size - half, leaves[half..], false), Naive(leaves[..half])];
    }

    private static int Split(int count)
    {
        var half = 1;
        while (half * 2 < count)
        {
            half *= 2;
        }

        return half;
    }

    private static Dictionary<MerkleNode, byte[]> NodesOf(byte[][] leaves)
    {
        var (nodes, edge) = (new Dictionary<MerkleNode, byte[]>(), new MerkleEdge());
        for (var i = 0; i < leaves.Length; i++)
        {
            nodes[new MerkleNode(0, i)] = MerkleTree.Leaf(leaves[i]);
            edge.Add(MerkleTree.Leaf(leaves[i]), (node, hash) => nodes[node] = hash);
        }

        return nodes;
    }

    private static List<byte[]> Hashes(IReadOnlyList<(long From, long To)> path, Dictionary<MerkleNode, byte[]> nodes) => [.. path.Select(range => MerkleTree.Fold(MerkleTree.Nodes(range).Select(node => nodes[node])))];
}
