namespace AgentSystem.Contracts.Perception;

/// <summary>What is known of a text.</summary>
/// <param name="Characters">Length in UTF-16 units, which all positions count in.</param>
/// <param name="Words">Runs of letters and digits.</param>
/// <param name="Truncated">True when something was found more often than is listed.</param>
public sealed record TextFacts(
    int Characters, int Words, int Lines, int Paragraphs, LanguageFacts Language, TextStructure Structure, IReadOnlyList<TextEntity> Entities, IReadOnlyList<TextDate> Dates, bool Truncated);

/// <summary>The language of a text.</summary>
/// <param name="Code">ISO 639-1; <c>und</c> when it cannot be told.</param>
/// <param name="Script">The writing most letters are in; null without letters.</param>
/// <param name="Confidence">0 to 0.99: how much likelier it is than the other known languages. Short texts get less.</param>
/// <param name="Alternatives">The next likely ones.</param>
public sealed record LanguageFacts(string Code, string? Script, double Confidence, IReadOnlyList<LanguageGuess> Alternatives);

/// <summary>A language it might be.</summary>
public sealed record LanguageGuess(string Code, double Confidence);

/// <summary>How a text is built, by the marks of Markdown and by blank lines.</summary>
/// <param name="ListItems">Lines that begin with a bullet or a number.</param>
/// <param name="Questions">Sentences that end with a question mark.</param>
public sealed record TextStructure(
    IReadOnlyList<TextHeading> Headings, int ListItems, IReadOnlyList<CodeBlock> CodeBlocks, IReadOnlyList<TextTable> Tables, IReadOnlyList<string> Questions);

/// <summary>A heading.</summary>
/// <param name="Level">1 to 6.</param>
/// <param name="Line">Starts at 1.</param>
public sealed record TextHeading(int Level, string Text, int Line);

/// <summary>A block between fences.</summary>
/// <param name="Language">As the fence names it; null when it names none.</param>
/// <param name="Line">Of the opening fence, starting at 1.</param>
public sealed record CodeBlock(string? Language, int Line, int Lines);

/// <summary>A table of <c>|</c>.</summary>
/// <param name="Rows">Without the heading and the line under it.</param>
public sealed record TextTable(int Line, int Columns, int Rows);

/// <summary>Something a text names.</summary>
/// <param name="Kind"><c>email</c>, <c>url</c>, <c>phone</c>, <c>money</c>, <c>quantity</c>, <c>percentage</c>, <c>number</c>, <c>person</c>, <c>place</c>, <c>organization</c> or <c>name</c> (written like one, of no known kind).</param>
/// <param name="Start">Position of the first character.</param>
/// <param name="End">Position after the last character.</param>
/// <param name="Value">The amount, for <c>money</c>, <c>quantity</c>, <c>percentage</c> and <c>number</c>.</param>
/// <param name="Unit">Currency (ISO 4217) or unit, as a symbol.</param>
public sealed record TextEntity(string Kind, string Text, int Start, int End, decimal? Value = null, string? Unit = null);

/// <summary>A moment a text names.</summary>
/// <param name="Value">RFC 3339 in UTC; a date without a time is its first second, a month its first day. Where the text names no zone, UTC is assumed.</param>
/// <param name="Precision"><c>year</c>, <c>month</c>, <c>day</c>, <c>minute</c> or <c>second</c>.</param>
/// <param name="Relative">True when it was counted from now.</param>
/// <param name="Ambiguous">True when day and month could be the other way round; day first is assumed except in English text with a slash.</param>
public sealed record TextDate(string Text, int Start, int End, DateTimeOffset Value, string Precision, bool Relative, bool Ambiguous);
