using System.Text;

namespace AgentSystem.Tests.ServiceDefaults.Inference.Onnx;

/// <summary>Writes a network of one lookup as ONNX's wire format has it: <c>last_hidden_state[b,s] = table[input_ids[b,s]]</c>. Enough to check everything around a network.</summary>
internal static class WireModel
{
    private const int Int64 = 7, Float = 1, Lengthy = 2, Number = 0;

    public static byte[] Lookup(float[][] table)
    {
        var raw = table.SelectMany(row => row).SelectMany(BitConverter.GetBytes).ToArray();
        var initializer = Join(Field(1, table.Length), Field(1, table[0].Length), Field(2, Float), Field(8, "table"), Field(9, raw));
        var node = Join(Field(1, "table"), Field(1, "input_ids"), Field(2, "last_hidden_state"), Field(3, "lookup"), Field(4, "Gather"));
        var graph = Join(
            Field(1, node), Field(2, "lookup"), Field(5, initializer),
            Field(11, Value("input_ids", Int64, "b", "s")), Field(11, Value("attention_mask", Int64, "b", "s")), Field(11, Value("token_type_ids", Int64, "b", "s")),
            Field(12, Value("last_hidden_state", Float, "b", "s", table[0].Length.ToString(System.Globalization.CultureInfo.InvariantCulture))));
        return Join(Field(1, 8), Field(7, graph), Field(8, Join(Field(1, ""), Field(2, 17))));
    }

    private static byte[] Value(string name, int type, params string[] dimensions)
    {
        var shape = Join([.. dimensions.Select(dimension => Field(1, int.TryParse(dimension, out var size) ? Field(1, size) : Field(2, dimension)))]);
        return Join(Field(1, name), Field(2, Field(1, Join(Field(1, type), Field(2, shape)))));
    }

    private static byte[] Field(int number, string text) => Field(number, Encoding.UTF8.GetBytes(text));

    private static byte[] Field(int number, byte[] bytes) => Join(Varint((number << 3) | Lengthy), Varint(bytes.Length), bytes);

    private static byte[] Field(int number, int value) => Join(Varint((number << 3) | Number), Varint(value));

    private static byte[] Varint(int value)
    {
        var bytes = new List<byte>();
        for (var rest = (uint)value; ; rest >>= 7)
        {
            bytes.Add((byte)(rest < 128 ? rest : (rest & 127) | 128));
            if (rest < 128)
            {
                return [.. bytes];
            }
        }
    }

    private static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(part => part)];
}
