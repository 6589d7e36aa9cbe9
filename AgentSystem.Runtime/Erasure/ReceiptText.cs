using System.Globalization;
using System.Text;
using AgentSystem.Contracts.Memory;

namespace AgentSystem.Runtime.Erasure;

/// <summary>What of a receipt is signed: a line for each member, in this order, ended by a line feed. A place or reason holds no line feed.</summary>
internal static class ReceiptText
{
    /// <summary>The first line: how the others are to be read.</summary>
    public const string Form = "agentsystem erasure receipt 1";

    /// <summary>The text of a receipt whose other members are set.</summary>
    public static string Of(ErasureReceipt receipt)
    {
        var text = new StringBuilder().Append(Form).Append('\n');
        text.Append("id ").Append(receipt.Id).Append('\n');
        text.Append("subject ").Append(receipt.Subject).Append('\n');
        text.Append("at ").Append(Time(receipt.At)).Append('\n');
        text.Append("requested_by ").Append(receipt.RequestedBy).Append('\n');
        foreach (var place in receipt.Erased)
        {
            text.Append("erased ").Append(place.Place).Append(' ').Append(place.Count.ToString(CultureInfo.InvariantCulture)).Append('\n');
        }

        foreach (var kept in receipt.Kept)
        {
            text.Append("kept ").Append(kept).Append('\n');
        }

        return text.Append("vectors_gone_by ").Append(Time(receipt.VectorsGoneBy)).Append('\n').ToString();
    }

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
