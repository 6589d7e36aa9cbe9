using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace AgentSystem.ServiceDefaults.Inference.Onnx.Embedding;

/// <summary>An embedding model in memory. Runs may overlap; each uses the session's own threads.</summary>
internal sealed class OnnxEmbeddingModel : IDisposable
{
    private readonly InferenceSession _session;
    private readonly EmbeddingFolder _folder;
    private readonly string _output;

    private OnnxEmbeddingModel(InferenceSession session, EmbeddingFolder folder, WordPieceText text, string output) =>
        (_session, _folder, Text, _output) = (session, folder, text, output);

    /// <summary>The tokenizer.</summary>
    public WordPieceText Text { get; }

    /// <summary>Reads a folder into memory.</summary>
    /// <exception cref="InvalidDataException">It holds something that is no embedding model of the BERT family.</exception>
    public static OnnxEmbeddingModel Load(EmbeddingFolder folder)
    {
        var text = WordPieceText.Read(folder);
        var session = new InferenceSession(folder.ModelFile);
        var outputs = session.OutputMetadata;
        var output = new[] { "sentence_embedding", "last_hidden_state", "token_embeddings" }.FirstOrDefault(outputs.ContainsKey) ?? outputs.Keys.First();
        if (!session.InputMetadata.ContainsKey("input_ids") || !session.InputMetadata.ContainsKey("attention_mask") || outputs[output].ElementType != typeof(float))
        {
            session.Dispose();
            throw new InvalidDataException($"{folder.ModelFile}: needs the inputs input_ids and attention_mask and a 32-bit float output; export the model for feature extraction in float32.");
        }

        return new OnnxEmbeddingModel(session, folder, text, output);
    }

    /// <summary>The vectors of a batch, each of length 1.</summary>
    public float[][] Run(IReadOnlyList<IReadOnlyList<int>> batch)
    {
        var (rows, columns) = (batch.Count, batch.Max(static row => row.Count));
        var (ids, mask) = (new long[rows * columns], new long[rows * columns]);
        Array.Fill(ids, Text.Padding);
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < batch[row].Count; column++)
            {
                ids[(row * columns) + column] = batch[row][column];
                mask[(row * columns) + column] = 1;
            }
        }

        long[] shape = [rows, columns];
        using var idsValue = OrtValue.CreateTensorValueFromMemory(ids, shape);
        using var maskValue = OrtValue.CreateTensorValueFromMemory(mask, shape);
        using var typesValue = OrtValue.CreateTensorValueFromMemory(new long[rows * columns], shape);
        var inputs = new Dictionary<string, OrtValue> { ["input_ids"] = idsValue, ["attention_mask"] = maskValue };
        if (_session.InputMetadata.ContainsKey("token_type_ids"))
        {
            inputs["token_type_ids"] = typesValue;
        }

        using var options = new RunOptions();
        using var outputs = _session.Run(options, inputs, [_output]);
        var made = outputs[0];
        var dimensions = made.GetTensorTypeAndShape().Shape;
        var width = (int)dimensions[^1];
        var values = made.GetTensorDataAsSpan<float>();
        var vectors = new float[rows][];
        for (var row = 0; row < rows; row++)
        {
            // Two dimensions: the network pools by itself.
            vectors[row] = dimensions.Length == 2
                ? values.Slice(row * width, width).ToArray()
                : Pool(values.Slice(row * columns * width, columns * width), batch[row].Count, width, _folder.Pooling);
            Normalise(vectors[row]);
        }

        return vectors;
    }

    public void Dispose() => _session.Dispose();

    private static float[] Pool(ReadOnlySpan<float> tokens, int count, int width, Pooling pooling)
    {
        var vector = tokens[..width].ToArray();
        if (pooling == Pooling.Cls)
        {
            return vector;
        }

        for (var token = 1; token < count; token++)
        {
            TensorPrimitives.Add(vector, tokens.Slice(token * width, width), vector);
        }

        TensorPrimitives.Divide(vector, count, vector);
        return vector;
    }

    private static void Normalise(float[] vector)
    {
        var length = TensorPrimitives.Norm<float>(vector);
        if (length > 0)
        {
            TensorPrimitives.Divide(vector, length, vector);
        }
    }
}
