using System.Text;

namespace AgentSystem.Runtime.Security.Screening.Decoding;

/// <summary>Morse code (ITU-R M.1677), of which at least a dozen letters in a row count.</summary>
internal static class MorseCode
{
    private const int ShortestLetters = 12;

    private static readonly Dictionary<string, char> Letters = new(StringComparer.Ordinal)
    {
        [".-"] = 'a', ["-..."] = 'b', ["-.-."] = 'c', ["-.."] = 'd', ["."] = 'e', ["..-."] = 'f', ["--."] = 'g', ["...."] = 'h', [".."] = 'i', [".---"] = 'j', ["-.-"] = 'k', [".-.."] = 'l', ["--"] = 'm',
        ["-."] = 'n', ["---"] = 'o', [".--."] = 'p', ["--.-"] = 'q', [".-."] = 'r', ["..."] = 's', ["-"] = 't', ["..-"] = 'u', ["...-"] = 'v', [".--"] = 'w', ["-..-"] = 'x', ["-.--"] = 'y', ["--.."] = 'z',
        [".-.-.-"] = '.', ["--..--"] = ',', ["..--.."] = '?', ["-----"] = '0', [".----"] = '1', ["..---"] = '2', ["...--"] = '3', ["....-"] = '4', ["....."] = '5', ["-...."] = '6', ["--..."] = '7', ["---.."] = '8', ["----."] = '9',
    };

    /// <summary>The text under the code; null when there is none.</summary>
    public static string? Read(string folded)
    {
        var found = new StringBuilder();
        var letters = 0;
        foreach (var range in folded.AsSpan().SplitAny(' ', '\n'))
        {
            var sign = folded.AsSpan(range);
            if (sign.IsEmpty || sign is "/" or "|")
            {
                found.Append(found.Length > 0 && found[^1] != ' ' ? " " : "");
            }
            else if (sign.Length <= 6 && sign.IndexOfAnyExcept('.', '-') < 0 && Letters.TryGetValue(sign.ToString(), out var letter))
            {
                found.Append(letter);
                letters++;
            }
        }

        return letters >= ShortestLetters ? found.ToString() : null;
    }
}
