using UglyToad.PdfPig;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Filters;
using UglyToad.PdfPig.Geometry;
using UglyToad.PdfPig.Graphics;
using UglyToad.PdfPig.Graphics.Operations;
using UglyToad.PdfPig.Graphics.Operations.TextShowing;
using UglyToad.PdfPig.Outline.Destinations;
using UglyToad.PdfPig.Parser;
using UglyToad.PdfPig.PdfFonts;
using UglyToad.PdfPig.Tokenization.Scanner;
using UglyToad.PdfPig.Tokens;

namespace AgentSystem.Runtime.Documents.PdfPig;

/// <summary>A glyph where it stands on its page, in points of the unrotated page.</summary>
/// <param name="Text">The characters it stands for.</param>
/// <param name="X">Its left end on the baseline.</param>
/// <param name="End">Its right end.</param>
/// <param name="Y">The baseline.</param>
/// <param name="Size">Height of its font.</param>
internal readonly record struct PdfGlyph(string Text, double X, double End, double Y, double Size);

/// <summary>The glyphs of a page in the order in which it paints them.</summary>
internal sealed record PdfPageText(IReadOnlyList<PdfGlyph> Glyphs);

/// <summary>Reads pages for their text alone. The parser makes it by its constructor, which must therefore have this form.</summary>
internal sealed class PdfPageTextFactory(
    IPdfTokenScanner pdfScanner, IResourceStore resourceStore, ILookupFilterProvider filterProvider, IPageContentParser pageContentParser, ParsingOptions parsingOptions)
    : BasePageFactory<PdfPageText>(pdfScanner, resourceStore, filterProvider, pageContentParser, parsingOptions), IPageFactory<PdfPageText>
{
    /// <summary>Deepest chain of references followed to a page's content.</summary>
    private const int MaxReferences = 16;

    private PdfBudget Budget => ((PdfFilters)ParsingOptions.FilterProvider!).Budget;

    /// <summary>A page may name one stream many times over, and all of them are put into memory at once: their size is asked before.</summary>
    PdfPageText IPageFactory<PdfPageText>.Create(int number, DictionaryToken dictionary, PageTreeMembers pageTreeMembers, NamedDestinations namedDestinations)
    {
        Budget.Reads(dictionary.TryGet(NameToken.Contents, out var contents) ? Bytes(contents, 0) : 0);
        return Create(number, dictionary, pageTreeMembers, namedDestinations);
    }

    protected override PdfPageText ProcessPage(
        int pageNumber, DictionaryToken dictionary, NamedDestinations namedDestinations, MediaBox mediaBox, CropBox cropBox, UserSpaceUnit userSpaceUnit,
        PageRotationDegrees rotation, TransformationMatrix initialMatrix, IReadOnlyList<IGraphicsStateOperation> operations) =>
        operations.Count == 0
            ? new PdfPageText([])
            : new Processor(this, new Frame(pageNumber, cropBox, userSpaceUnit, rotation, initialMatrix)).Process(pageNumber, operations);

    /// <summary>Where the page lies.</summary>
    private sealed record Frame(int Number, CropBox CropBox, UserSpaceUnit Unit, PageRotationDegrees Rotation, TransformationMatrix Matrix);

    private long Bytes(IToken? token, int depth) => depth > MaxReferences ? 0 : token switch
    {
        IndirectReferenceToken reference => Bytes(PdfScanner.Get(reference.Data)?.Data, depth + 1),
        ArrayToken array => array.Data.Sum(part => Bytes(part, depth + 1)),
        StreamToken stream => stream.Data.Length,
        _ => 0,
    };

    private static bool Shows(IGraphicsStateOperation operation) =>
        operation is ShowText or ShowTextsWithPositioning or MoveToNextLineShowText or MoveToNextLineShowTextWithSpacing;

    /// <summary>Follows the page's operations; only those that show text leave anything behind.</summary>
    private sealed class Processor(PdfPageTextFactory factory, Frame page) : BaseStreamProcessor<PdfPageText>(
        page.Number, factory.ResourceStore, factory.PdfScanner, factory.PageContentParser, factory.FilterProvider, page.CropBox, page.Unit, page.Rotation, page.Matrix, factory.ParsingOptions)
    {
        private readonly List<PdfGlyph> glyphs = [];
        private readonly PdfBudget budget = factory.Budget;

        public override PdfPageText Process(int pageNumberCurrent, IReadOnlyList<IGraphicsStateOperation> operations)
        {
            CloneAllStates();
            ProcessOperations(operations);
            return new PdfPageText(glyphs);
        }

        // Those of the page, and then those of each form it shows, as often as it shows it.
        protected override void ProcessOperations(IReadOnlyList<IGraphicsStateOperation> operations)
        {
            budget.Runs(operations.Count(Shows));
            foreach (var operation in operations)
            {
                budget.Check();
                operation.Run(this);
            }
        }

        public override void RenderGlyph(
            IFont font, CurrentGraphicsState currentState, double fontSize, double pointSize, int code, string unicode, long currentOffset,
            in TransformationMatrix renderingMatrix, in TransformationMatrix textMatrix, in TransformationMatrix transformationMatrix, CharacterBoundingBox characterBoundingBox)
        {
            budget.Shows(Math.Max(1, unicode?.Length ?? 0));
            if (string.IsNullOrEmpty(unicode))
            {
                return;
            }

            var matrix = renderingMatrix.Multiply(textMatrix).Multiply(transformationMatrix);
            var (from, to) = (matrix.Transform(new PdfPoint(0, 0)), matrix.Transform(new PdfPoint(characterBoundingBox.Width, 0)));
            glyphs.Add(new PdfGlyph(unicode, Math.Min(from.X, to.X), Math.Max(from.X, to.X), from.Y, Math.Abs(pointSize)));
        }

        protected override void RenderXObjectImage(XObjectContentRecord xObjectContentRecord) => budget.Check();

        protected override void RenderInlineImage(InlineImage inlineImage) => budget.Check();

        public override void BeginMarkedContent(NameToken name, NameToken? propertyDictionaryName, DictionaryToken? properties) => budget.Check();

        public override void EndMarkedContent() => budget.Check();

        public override void PaintShading(NameToken shadingName) => budget.Check();

        // A picture's outline says nothing in words.
        public override void BeginSubpath() => budget.Check();

        public override PdfPoint? CloseSubpath() => null;

        public override void StrokePath(bool close) => budget.Check();

        public override void FillPath(FillingRule fillingRule, bool close) => budget.Check();

        public override void FillStrokePath(FillingRule fillingRule, bool close) => budget.Check();

        public override void MoveTo(double x, double y) => budget.Check();

        public override void BezierCurveTo(double x1, double y1, double x2, double y2, double x3, double y3) => budget.Check();

        public override void BezierCurveTo(double x2, double y2, double x3, double y3) => budget.Check();

        public override void LineTo(double x, double y) => budget.Check();

        public override void Rectangle(double x, double y, double width, double height) => budget.Check();

        public override void EndPath() => budget.Check();

        public override void ClosePath() => budget.Check();

        public override void ModifyClippingIntersect(FillingRule clippingRule) => budget.Check();

        protected override void ClipToRectangle(PdfRectangle rectangle, FillingRule clippingRule) => budget.Check();
    }
}
