using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace AgentSystem.ServiceDefaults.Inference.Onnx.Engine;

/// <summary>
/// A GenAI-format model on ONNX Runtime. Per layer, one buffer [slots, heads, context, head size] is both past and present of the attention operator, so
/// nothing is copied between steps; a slot is a row of it, and rows of different lengths share a run through the attention mask.
/// </summary>
internal sealed unsafe class OnnxDecoderModel : IDecoderModel
{
    private const int LongestPrefill = 256;
    private const int LogitsPerPrefill = 1 << 23;
    private const int SmallHiddenSize = 1024;

    private readonly GenAIConfig _config;
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly bool _positions;
    private readonly bool _halfLogits;
    private readonly TensorElementType _cacheType;
    private readonly nint[] _cache;
    private readonly nuint _slotBytes;
    private readonly OrtIoBinding?[] _slotBindings;
    private readonly OrtIoBinding?[] _batchBindings;
    private readonly List<OrtValue> _cacheValues = [];
    private float[] _logits = [];

    /// <summary>Loads the model of a folder.</summary>
    /// <param name="contextTokens">Length of every slot; at most what the folder allows.</param>
    /// <exception cref="InvalidDataException">The graph has inputs the engine does not know.</exception>
    public OnnxDecoderModel(string folder, GenAIConfig config, int slots, int contextTokens)
    {
        _config = config;
        Slots = slots;
        ContextTokens = contextTokens;
        PrefillTokens = Math.Clamp(LogitsPerPrefill / config.VocabularySize, 16, LongestPrefill);
        using var options = CreateOptions(config);
        _session = new InferenceSession(Path.Combine(folder, config.ModelFile), options);
        _positions = _session.InputMetadata.ContainsKey(config.PositionIds);
        _halfLogits = _session.OutputMetadata[config.Logits].ElementDataType == TensorElementType.Float16;
        _cacheType = _session.InputMetadata[Name(config.PastKey, 0)].ElementDataType;
        CheckInputs(folder);

        _slotBytes = (nuint)config.KeyValueHeads * (nuint)contextTokens * (nuint)config.HeadSize * (_cacheType == TensorElementType.Float16 ? 2u : 4u);
        _cache = new nint[config.Layers * 2];
        for (var i = 0; i < _cache.Length; i++)
        {
            _cache[i] = (nint)NativeMemory.AllocZeroed(_slotBytes * (nuint)slots);
        }

        _slotBindings = new OrtIoBinding?[slots];
        _batchBindings = new OrtIoBinding?[slots + 1];
    }

    public int VocabularySize => _config.VocabularySize;

    public int ContextTokens { get; }

    public int Slots { get; }

    public int PrefillTokens { get; }

    public void Prefill(int slot, int past, ReadOnlySpan<int> tokens, Span<float> logits)
    {
        var binding = _slotBindings[slot] ??= Bind(slot, 1);
        var ids = new long[tokens.Length];
        var positions = new long[tokens.Length];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = tokens[i];
            positions[i] = past + i;
        }

        var mask = new long[past + tokens.Length];
        Array.Fill(mask, 1L);
        Run(binding, 1, ids, positions, mask, logits);
    }

    public void Decode(ReadOnlySpan<SlotStep> steps, Span<float> logits)
    {
        var binding = _batchBindings[steps.Length] ??= Bind(0, steps.Length);
        var ids = new long[steps.Length];
        var positions = new long[steps.Length];
        var longest = 0;
        for (var i = 0; i < steps.Length; i++)
        {
            ids[i] = steps[i].Token;
            positions[i] = steps[i].Past;
            longest = Math.Max(longest, steps[i].Past + 1);
        }

        var mask = new long[steps.Length * longest];
        for (var i = 0; i < steps.Length; i++)
        {
            mask.AsSpan(i * longest, steps[i].Past + 1).Fill(1L);
        }

        Run(binding, steps.Length, ids, positions, mask, logits);
    }

    public void Dispose()
    {
        foreach (var binding in _slotBindings.Concat(_batchBindings))
        {
            binding?.Dispose();
        }

        _cacheValues.ForEach(value => value.Dispose());
        _session.Dispose();
        _run.Dispose();
        foreach (var buffer in _cache)
        {
            NativeMemory.Free((void*)buffer);
        }
    }

    private static SessionOptions CreateOptions(GenAIConfig config)
    {
        var options = new SessionOptions
        {
            InterOpNumThreads = 1,
            // A small network gains nothing from a third thread; spinning threads would take the cores from the rest of the host.
            IntraOpNumThreads = config.HiddenSize <= SmallHiddenSize ? Math.Min(2, Environment.ProcessorCount) : Environment.ProcessorCount,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return options;
    }

    private static string Name(string pattern, int layer) => pattern.Replace("%d", layer.ToString(), StringComparison.Ordinal);

    private void CheckInputs(string folder)
    {
        var known = new HashSet<string>([_config.InputIds, _config.AttentionMask, _config.PositionIds], StringComparer.Ordinal);
        for (var layer = 0; layer < _config.Layers; layer++)
        {
            known.Add(Name(_config.PastKey, layer));
            known.Add(Name(_config.PastValue, layer));
        }

        var unknown = _session.InputMetadata.Keys.Where(name => !known.Contains(name)).ToArray();
        if (unknown.Length > 0 || _cacheType is not (TensorElementType.Float or TensorElementType.Float16))
        {
            var what = unknown.Length > 0 ? $"has inputs the engine does not know ({string.Join(", ", unknown)})" : $"keeps its cache as {_cacheType}";
            _session.Dispose();
            throw new InvalidDataException($"{folder}: the model {what}; export it as a plain decoder with float or float16 keys and values.");
        }
    }

    private OrtIoBinding Bind(int slot, int count)
    {
        var binding = _session.CreateIoBinding();
        long[] shape = [count, _config.KeyValueHeads, ContextTokens, _config.HeadSize];
        for (var i = 0; i < _cache.Length; i++)
        {
            var start = _cache[i] + (nint)(_slotBytes * (nuint)slot);
            var value = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, _cacheType, shape, start, (long)_slotBytes * count);
            _cacheValues.Add(value);
            var (past, present) = i % 2 == 0 ? (_config.PastKey, _config.PresentKey) : (_config.PastValue, _config.PresentValue);
            binding.BindInput(Name(past, i / 2), value);
            binding.BindOutput(Name(present, i / 2), value);
        }

        return binding;
    }

    // Fills logits with the end of the output: the last position of a prefill, every row of a decoding step.
    private void Run(OrtIoBinding binding, int rows, long[] ids, long[] positions, long[] mask, Span<float> logits)
    {
        var perRow = ids.Length / rows;
        using var idsValue = OrtValue.CreateTensorValueFromMemory(ids, [rows, perRow]);
        using var maskValue = OrtValue.CreateTensorValueFromMemory(mask, [rows, mask.Length / rows]);
        using var positionsValue = OrtValue.CreateTensorValueFromMemory(positions, [rows, perRow]);
        binding.BindInput(_config.InputIds, idsValue);
        binding.BindInput(_config.AttentionMask, maskValue);
        if (_positions)
        {
            binding.BindInput(_config.PositionIds, positionsValue);
        }

        long[] shape = [rows, perRow, VocabularySize];
        var count = ids.Length * VocabularySize;
        if (_logits.Length < count)
        {
            _logits = new float[count];
        }

        var all = _logits.AsMemory(0, count);
        if (_halfLogits)
        {
            var halves = new Float16[count];
            using var output = OrtValue.CreateTensorValueFromMemory(halves, shape);
            RunInto(binding, output);
            TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<Float16, Half>(halves), all.Span);
        }
        else
        {
            using var output = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, all, shape);
            RunInto(binding, output);
        }

        all.Span[^logits.Length..].CopyTo(logits);
    }

    private void RunInto(OrtIoBinding binding, OrtValue output)
    {
        binding.BindOutput(_config.Logits, output);
        _session.RunWithBinding(_run, binding);
    }
}
