using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace AgentSystem.Tests.Runtime.Documents;

/// <summary>Writes the smallest PDFs that show one thing each (ISO 32000-1, annex H).</summary>
internal static class TinyPdf
{
    /// <summary>A document of pages with these content streams.</summary>
    public static byte[] WithContents(params string[] contents) => Write("", [.. contents.Select(content => ("", Encoding.Latin1.GetBytes(content)))]);

    /// <summary>A page whose content unpacks to so many blanks.</summary>
    public static byte[] Bomb(int bytes)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var blanks = new byte[1 << 20];
            Array.Fill(blanks, (byte)' ');
            for (var left = bytes; left > 0; left -= blanks.Length)
            {
                zlib.Write(blanks.AsSpan(0, Math.Min(left, blanks.Length)));
            }
        }

        return Write("", [("/Filter /FlateDecode", packed.ToArray())]);
    }

    /// <summary>A page that says it is encrypted with a password nobody knows: hashes that no password gives.</summary>
    public static byte[] Encrypted()
    {
        var nothing = string.Concat(Enumerable.Repeat("5a", 32));
        return Write($"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{nothing}> /U <{nothing}> /P -4 >> /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]", [("", "BT /F1 12 Tf 72 700 Td (Secret) Tj ET"u8.ToArray())]);
    }

    /// <summary>Text lines of a page: size, x, y and words each.</summary>
    public static string Page(params (double Size, double X, double Y, string Text)[] lines) => string.Join('\n', lines.Select(line =>
        string.Create(CultureInfo.InvariantCulture, $"BT /F1 {line.Size} Tf {line.X} {line.Y} Td ({line.Text}) Tj ET")));

    /// <summary>Objects as they are, numbered from 1; the first is the catalogue.</summary>
    public static byte[] Raw(string trailer, params byte[][] objects)
    {
        using var file = new MemoryStream();
        void Add(string text) => file.Write(Encoding.Latin1.GetBytes(text));
        Add("%PDF-1.4\n");
        var offsets = new List<long>();
        for (var i = 0; i < objects.Length; i++)
        {
            offsets.Add(file.Position);
            Add($"{i + 1} 0 obj\n");
            file.Write(objects[i]);
            Add("\nendobj\n");
        }

        var start = file.Position;
        Add($"xref\n0 {objects.Length + 1}\n0000000000 65535 f \n{string.Concat(offsets.Select(offset => $"{offset:D10} 00000 n \n"))}trailer\n<< /Size {objects.Length + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n");
        return file.ToArray();
    }

    private static byte[] Write(string trailer, (string Dictionary, byte[] Bytes)[] contents)
    {
        var objects = new List<byte[]>
        {
            Encoding.Latin1.GetBytes("<< /Type /Catalog /Pages 2 0 R >>"),
            Encoding.Latin1.GetBytes($"<< /Type /Pages /Count {contents.Length} /Kids [{string.Join(' ', contents.Select((_, i) => $"{4 + (2 * i)} 0 R"))}] >>"),
            Encoding.Latin1.GetBytes("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"),
        };
        foreach (var (dictionary, bytes) in contents)
        {
            objects.Add(Encoding.Latin1.GetBytes($"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> /Contents {objects.Count + 2} 0 R >>"));
            objects.Add([.. Encoding.Latin1.GetBytes($"<< /Length {bytes.Length} {dictionary} >>\nstream\n"), .. bytes, .. "\nendstream"u8]);
        }

        return Raw(trailer, [.. objects]);
    }
}
