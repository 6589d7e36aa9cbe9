namespace AgentSystem.ServiceDefaults.Inference.Onnx.Engine;

/// <summary>What one answer may consist of, token by token. Rules restrict syntax; which of the allowed tokens comes next is the model's choice.</summary>
internal interface IDecodingRules
{
    /// <summary>True once the answer is complete: nothing more is decoded.</summary>
    bool IsComplete { get; }

    /// <summary>Whether the token may come next. Asked for the likely tokens only, so it must be quick but not free.</summary>
    bool Allows(int token);

    /// <summary>The token was chosen.</summary>
    void Accept(int token);

    /// <summary>No token at all is allowed: give up restricting this part. What comes out is checked again before anybody trusts it.</summary>
    void Abandon();
}
