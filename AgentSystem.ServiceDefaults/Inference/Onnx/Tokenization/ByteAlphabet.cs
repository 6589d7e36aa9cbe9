namespace AgentSystem.ServiceDefaults.Inference.Onnx.Tokenization;

/// <summary>The printable stand-in GPT-2's byte-level BPE uses for each of the 256 bytes, both ways.</summary>
internal static class ByteAlphabet
{
    private static readonly char[] Symbols = BuildSymbols();
    private static readonly Dictionary<char, byte> Bytes = Symbols.Select((symbol, index) => (symbol, index)).ToDictionary(pair => pair.symbol, pair => (byte)pair.index);

    /// <summary>The character that stands for a byte in the vocabulary.</summary>
    public static char Symbol(byte value) => Symbols[value];

    /// <summary>The bytes a vocabulary entry stands for; null when it holds a character outside the alphabet.</summary>
    public static byte[]? ToBytes(string entry)
    {
        var bytes = new byte[entry.Length];
        for (var i = 0; i < entry.Length; i++)
        {
            if (!Bytes.TryGetValue(entry[i], out bytes[i]))
            {
                return null;
            }
        }

        return bytes;
    }

    private static char[] BuildSymbols()
    {
        var symbols = new char[256];
        var next = 256;
        for (var value = 0; value < 256; value++)
        {
            var printable = value is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE and <= 0xFF;
            symbols[value] = (char)(printable ? value : next++);
        }

        return symbols;
    }
}
