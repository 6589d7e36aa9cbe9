using System.Text.Encodings.Web;
using System.Text.Json;

namespace AgentSystem.Api.Http;

/// <summary>How the API writes JSON by hand: apostrophes and other letters as they are. The answers are application/json, never part of a page.</summary>
internal static class JsonOutput
{
    /// <summary>Options of every writer.</summary>
    public static JsonWriterOptions Writer { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Options of every value serialised inside.</summary>
    public static JsonSerializerOptions Values { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
