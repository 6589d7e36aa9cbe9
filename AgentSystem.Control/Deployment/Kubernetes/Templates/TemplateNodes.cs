namespace AgentSystem.Control.Deployment.Kubernetes.Templates;

/// <summary>A piece of a template.</summary>
internal abstract record TemplateNode;

/// <summary>Text as it stands.</summary>
internal sealed record TextNode(string Text) : TemplateNode;

/// <summary>An expression whose value is written.</summary>
internal sealed record OutputNode(Pipeline Pipeline) : TemplateNode;

/// <summary>The first branch whose condition is not empty.</summary>
internal sealed record IfNode(IReadOnlyList<(Pipeline? Condition, IReadOnlyList<TemplateNode> Body)> Branches) : TemplateNode;

/// <summary>The body once for each entry of a map, in the order of its keys.</summary>
internal sealed record RangeNode(string Key, string Value, Pipeline Over, IReadOnlyList<TemplateNode> Body) : TemplateNode;

/// <summary>Commands, each given the result of the one before as its last argument.</summary>
internal sealed record Pipeline(IReadOnlyList<IReadOnlyList<Operand>> Commands);

/// <summary>A word of a command.</summary>
internal abstract record Operand;

/// <summary>A text, number or truth.</summary>
internal sealed record LiteralOperand(object? Value) : Operand;

/// <summary>A path below the data (<c>.Values.a</c>) or below a variable (<c>$key</c>; <c>$.Values</c> is the data itself).</summary>
internal sealed record PathOperand(string? Variable, IReadOnlyList<string> Path) : Operand;

/// <summary>The name of a function.</summary>
internal sealed record FunctionOperand(string Name) : Operand;

/// <summary>A pipeline in parentheses.</summary>
internal sealed record InnerOperand(Pipeline Pipeline) : Operand;
