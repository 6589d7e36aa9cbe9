using UglyToad.PdfPig.Filters;
using UglyToad.PdfPig.Tokens;

namespace AgentSystem.Runtime.Documents.PdfPig;

/// <summary>The parser's filters, asked for every stream it unpacks: each looks first how large the stream gets.</summary>
internal sealed class PdfFilters(PdfBudget budget) : BaseFilterProvider(All(budget))
{
    /// <summary>What is counted against.</summary>
    public PdfBudget Budget => budget;

    private static Dictionary<string, IFilter> All(PdfBudget budget)
    {
        var (ascii85, hex, fax, jpeg) = (new Ascii85Filter(), new AsciiHexDecodeFilter(), new CcittFaxDecodeFilter(), new DctDecodeFilter());
        var flate = new Bounded(new FlateFilter(), budget, static packed => UnpackedSize.OfFlate(packed, PdfBudget.MaxStreamBytes));
        var lzw = new Bounded(new LzwFilter(), budget, static packed => UnpackedSize.OfLzw(packed.Span, PdfBudget.MaxStreamBytes));
        var runs = new Bounded(new RunLengthFilter(), budget, static packed => UnpackedSize.OfRunLength(packed.Span, PdfBudget.MaxStreamBytes));
        return new Dictionary<string, IFilter>(StringComparer.Ordinal)
        {
            ["FlateDecode"] = flate,
            ["Fl"] = flate,
            ["LZWDecode"] = lzw,
            ["LZW"] = lzw,
            ["RunLengthDecode"] = runs,
            ["RL"] = runs,
            ["ASCII85Decode"] = ascii85,
            ["A85"] = ascii85,
            ["ASCIIHexDecode"] = hex,
            ["AHx"] = hex,
            ["CCITTFaxDecode"] = fax,
            ["CCF"] = fax,
            ["DCTDecode"] = jpeg,
            ["DCT"] = jpeg,
            ["JBIG2Decode"] = new Jbig2DecodeFilter(),
            ["JPXDecode"] = new JpxDecodeFilter(),
        };
    }

    private sealed class Bounded(IFilter inner, PdfBudget budget, Func<ReadOnlyMemory<byte>, long> size) : IFilter
    {
        public bool IsSupported => inner.IsSupported;

        public Memory<byte> Decode(Memory<byte> input, DictionaryToken streamDictionary, IFilterProvider filterProvider, int filterIndex)
        {
            budget.Unpacks(size(input));
            return inner.Decode(input, streamDictionary, filterProvider, filterIndex);
        }
    }
}
