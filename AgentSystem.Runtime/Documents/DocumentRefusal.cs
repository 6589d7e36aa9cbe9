namespace AgentSystem.Runtime.Documents;

/// <summary>Why a document is not taken. An expected failure: nothing was kept.</summary>
/// <param name="Status">HTTP status that says it.</param>
/// <param name="Code">Stable code for programs.</param>
/// <param name="Message">For people; names the cure.</param>
/// <param name="Field">The field of the upload it is about.</param>
public sealed record DocumentRefusal(int Status, string Code, string Message, string? Field = "file")
{
    internal static DocumentRefusal Empty { get; } = new(422, "document_empty", "There is no text in the document; send one that has some.");

    internal static DocumentRefusal TooSlow { get; } =
        new(422, "document_too_complex", "Finding the text of the document takes too long or too much memory; save it again as plain text, Markdown or a simpler PDF, or split it.");

    internal static DocumentRefusal Busy { get; } =
        new(503, "documents_busy", "Other documents are being read at the moment; try again in a few seconds.", null);

    internal static DocumentRefusal TooManyCharacters(int most) =>
        new(422, "document_too_long", $"The document has more than {most:N0} characters of text; split it.");

    internal static DocumentRefusal TooManyPages(int most) =>
        new(422, "document_too_long", $"The document has more than {most:N0} pages; split it.");

    internal static DocumentRefusal Unreadable(string what, string cure) => new(422, "document_unreadable", $"The {what} cannot be read; {cure}.");
}
