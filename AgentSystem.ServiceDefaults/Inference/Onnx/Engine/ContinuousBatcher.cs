using System.Collections.Concurrent;
using AgentSystem.Contracts.Models;
using Microsoft.Extensions.Logging;

namespace AgentSystem.ServiceDefaults.Inference.Onnx.Engine;

/// <summary>
/// Decodes many answers at the same time on one model. A single thread repeats: let waiting requests into free slots, read one piece of one new prompt,
/// then one token for every answer under way in a single run. A long prompt therefore delays the others by one piece, not by all of it, and an answer
/// leaves or joins the batch between any two tokens.
/// </summary>
internal sealed partial class ContinuousBatcher : IDisposable
{
    private readonly IDecoderModel _model;
    private readonly string _name;
    private readonly int _longestQueue;
    private readonly ILogger _logger;
    private readonly ConcurrentQueue<DecodeRequest> _waiting = new();
    private readonly SemaphoreSlim _arrival = new(0);
    private readonly Slot?[] _slots;
    private readonly SlotStep[] _steps;
    private readonly float[] _logits;
    private readonly float[] _scratch;
    private readonly Thread _thread;
    private int _occupied;
    private volatile bool _stopping;

    /// <summary>Starts the loop. The batcher owns the model.</summary>
    /// <param name="longestQueue">Requests that may wait for a slot.</param>
    public ContinuousBatcher(IDecoderModel model, string name, int longestQueue, ILogger logger)
    {
        (_model, _name, _longestQueue, _logger) = (model, name, longestQueue, logger);
        _slots = new Slot?[model.Slots];
        _steps = new SlotStep[model.Slots];
        _logits = new float[model.Slots * model.VocabularySize];
        _scratch = new float[model.VocabularySize];
        _thread = new Thread(Loop) { IsBackground = true, Name = $"model {name}" };
        _thread.Start();
    }

    /// <summary>Answers holding a slot.</summary>
    public int Occupied => Volatile.Read(ref _occupied);

    /// <summary>Requests waiting for a slot.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Queues a request.</summary>
    /// <exception cref="ModelBusyException">Too many are waiting.</exception>
    /// <exception cref="ObjectDisposedException">The model is being unloaded.</exception>
    public void Submit(DecodeRequest request)
    {
        ObjectDisposedException.ThrowIf(_stopping, this);
        if (_waiting.Count >= _longestQueue)
        {
            throw new ModelBusyException(_name, _waiting.Count);
        }

        _waiting.Enqueue(request);
        if (_stopping)
        {
            request.Fail(new ObjectDisposedException(_name));
            return;
        }

        _arrival.Release();
    }

    public void Dispose()
    {
        if (!_stopping)
        {
            _stopping = true;
            _arrival.Release();
            _thread.Join();
            _model.Dispose();
            _arrival.Dispose();
        }
    }

    private void Loop()
    {
        while (!_stopping)
        {
            if (_occupied == 0 && _waiting.IsEmpty)
            {
                _arrival.Wait();
            }

            try
            {
                Step();
            }
            catch (Exception error)
            {
                // The slots' contents are unknown after a failed run: every answer in the batch fails, the next ones start afresh.
                LogStepFailed(error, _name);
                FailSlots(error);
            }
        }

        var ended = new ObjectDisposedException(_name, $"The model '{_name}' was unloaded.");
        FailSlots(ended);
        while (_waiting.TryDequeue(out var request))
        {
            request.Fail(ended);
        }
    }

    private void Step()
    {
        DropCancelled();
        Admit();
        PrefillOne();
        DecodeAll();
    }

    private void DropCancelled()
    {
        for (var i = 0; i < _slots.Length; i++)
        {
            if (_slots[i] is { } slot && slot.Request.Cancellation.IsCancellationRequested)
            {
                slot.Request.Fail(new OperationCanceledException(slot.Request.Cancellation));
                Free(i);
            }
        }
    }

    private void Admit()
    {
        for (var i = 0; i < _slots.Length; i++)
        {
            while (_slots[i] is null && _waiting.TryDequeue(out var request))
            {
                if (request.Cancellation.IsCancellationRequested)
                {
                    request.Fail(new OperationCanceledException(request.Cancellation));
                    continue;
                }

                _slots[i] = new Slot(request);
                Interlocked.Increment(ref _occupied);
            }
        }

        // Every request released the semaphore once; what was taken without waiting is taken off it, or an idle loop would spin through the surplus.
        while (_waiting.IsEmpty && _arrival.CurrentCount > 0 && !_stopping)
        {
            _arrival.Wait();
        }
    }

    private void PrefillOne()
    {
        for (var i = 0; i < _slots.Length; i++)
        {
            if (_slots[i] is { IsReading: true } slot)
            {
                var piece = slot.Request.Prompt.Skip(slot.Length).Take(_model.PrefillTokens).ToArray();
                var logits = _logits.AsSpan(0, _model.VocabularySize);
                _model.Prefill(i, slot.Length, piece, logits);
                slot.Length += piece.Length;
                if (!slot.IsReading)
                {
                    Choose(i, slot, logits);
                }

                return;
            }
        }
    }

    private void DecodeAll()
    {
        var highest = -1;
        for (var i = 0; i < _slots.Length; i++)
        {
            _steps[i] = new SlotStep(_slots[i]?.Next ?? 0, _slots[i]?.Length ?? 0);
            highest = _slots[i] is { IsReading: false } ? i : highest;
        }

        if (highest < 0)
        {
            return;
        }

        var width = _model.VocabularySize;
        _model.Decode(_steps.AsSpan(0, highest + 1), _logits.AsSpan(0, (highest + 1) * width));
        for (var i = 0; i <= highest; i++)
        {
            if (_slots[i] is { IsReading: false } slot)
            {
                slot.Length++;
                Choose(i, slot, _logits.AsSpan(i * width, width));
            }
        }
    }

    private void Choose(int index, Slot slot, ReadOnlySpan<float> logits)
    {
        var request = slot.Request;
        var token = request.Sampler.Choose(logits, request.Rules);
        if (token < 0)
        {
            request.Rules.Abandon();
            token = request.Sampler.Choose(logits, request.Rules);
        }

        if (token < 0 || request.EndTokens.Contains(token))
        {
            Finish(index, DecodeEnd.Stopped);
            return;
        }

        request.Rules.Accept(token);
        request.Emit(new DecodedToken(token, Sampler.LogProbability(logits, token, _scratch)));
        slot.Next = token;
        slot.Produced++;
        if (request.Rules.IsComplete)
        {
            Finish(index, DecodeEnd.Stopped);
        }
        else if (slot.Produced >= request.OutputTokens || slot.Length >= _model.ContextTokens)
        {
            Finish(index, DecodeEnd.Length);
        }
    }

    private void Finish(int index, DecodeEnd end)
    {
        // Free first: whoever sees the answer completed may count on the slot.
        var request = _slots[index]!.Request;
        Free(index);
        request.Finish(end);
    }

    private void Free(int index)
    {
        _slots[index] = null;
        Interlocked.Decrement(ref _occupied);
    }

    private void FailSlots(Exception error)
    {
        for (var i = 0; i < _slots.Length; i++)
        {
            if (_slots[i] is { } slot)
            {
                Free(i);
                slot.Request.Fail(error);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "A step of model {Model} failed; the answers under way were ended.")]
    private partial void LogStepFailed(Exception error, string model);

    /// <summary>An answer under way.</summary>
    private sealed class Slot(DecodeRequest request)
    {
        public DecodeRequest Request { get; } = request;

        /// <summary>Tokens whose keys and values are in the cache.</summary>
        public int Length { get; set; }

        /// <summary>Chosen, not yet in the cache.</summary>
        public int Next { get; set; }

        public int Produced { get; set; }

        /// <summary>The prompt is still being read.</summary>
        public bool IsReading => Length < Request.Prompt.Count;
    }
}
