using System.Buffers.Binary;
using System.Text;
using AgentSystem.Contracts.Perception;

namespace AgentSystem.Runtime.Perception.Images;

/// <summary>Reads the few members of Exif (2.32, a TIFF structure) that are told on. Every place is checked, every directory is read once, and no more than so many entries of it.</summary>
internal static class ExifReader
{
    private const int MostEntries = 256;
    private const int LongestText = 64;
    private const int Ascii = 2;
    private const int Short = 3;

    /// <summary>What it says, or null when it is none.</summary>
    public static ExifFacts? Read(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 14 || !(tiff.StartsWith("II*\0"u8) || tiff.StartsWith("MM\0*"u8)))
        {
            return null;
        }

        var little = tiff[0] == (byte)'I';
        var main = Directory(tiff, Int(tiff[4..], little), little);
        var inner = main.TryGetValue(0x8769, out var at) ? Directory(tiff, Int(tiff[(at + 8)..], little), little) : [];
        var orientation = main.TryGetValue(0x0112, out at) && Word(tiff[(at + 2)..], little) == Short ? Word(tiff[(at + 8)..], little) : 1;
        return new ExifFacts(
            orientation is >= 1 and <= 8 ? orientation : 1, Text(tiff, main, 0x010F, little), Text(tiff, main, 0x0110, little), Text(tiff, main, 0x0131, little),
            Text(tiff, inner, 0x9003, little) ?? Text(tiff, main, 0x0132, little), main.ContainsKey(0x8825));
    }

    /// <summary>Where each tag's entry of twelve bytes stands.</summary>
    private static Dictionary<int, int> Directory(ReadOnlySpan<byte> tiff, uint at, bool little)
    {
        var entries = new Dictionary<int, int>();
        if (at > tiff.Length - 2)
        {
            return entries;
        }

        var count = Math.Min((int)Word(tiff[(int)at..], little), MostEntries);
        for (var (i, entry) = (0, (int)at + 2); i < count && entry + 12 <= tiff.Length; i++, entry += 12)
        {
            entries.TryAdd(Word(tiff[entry..], little), entry);
        }

        return entries;
    }

    private static string? Text(ReadOnlySpan<byte> tiff, Dictionary<int, int> directory, int tag, bool little)
    {
        if (!directory.TryGetValue(tag, out var entry) || Word(tiff[(entry + 2)..], little) != Ascii)
        {
            return null;
        }

        var length = Int(tiff[(entry + 4)..], little);
        var at = length <= 4 ? (uint)entry + 8 : Int(tiff[(entry + 8)..], little);
        if (at >= tiff.Length || length > tiff.Length - at)
        {
            return null;
        }

        // Whoever made the file wrote it: printable ASCII only, and not much of it.
        var text = Encoding.ASCII.GetString(tiff.Slice((int)at, (int)Math.Min(length, LongestText))).Split('\0')[0].Trim();
        return text.Length > 0 && text.All(static c => c is >= ' ' and <= '~' and not '?' ) ? text : null;
    }

    private static ushort Word(ReadOnlySpan<byte> bytes, bool little) => little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint Int(ReadOnlySpan<byte> bytes, bool little) => little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
