using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AgentSystem.ServiceDefaults.Startup;

/// <summary>Which failures of a start the operator can mend, and the one line that says how. Any other is a defect and keeps its stack trace.</summary>
public static class StartFailure
{
    /// <summary>The line, or null when there is no known cure.</summary>
    public static string? Cure(Exception failure) => failure switch
    {
        OptionsValidationException options => OneLine(string.Join(" ", options.Failures)),
        TakenAddressException taken => OneLine(taken.Message),
        // The hosts refuse a variable they cannot use by its name; any other argument is a defect.
        ArgumentException wrong when wrong.Message.StartsWith("AGENTSYSTEM_", StringComparison.Ordinal) => OneLine(wrong.Message),
        // The binder's own words name the setting and the value.
        InvalidOperationException wrong when wrong.Message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal) => OneLine(wrong.Message),
        // A settings file that is no JSON: the inner message has the line.
        InvalidDataException wrong when wrong.Message.StartsWith("Failed to load configuration", StringComparison.Ordinal) => OneLine($"{wrong.Message} {wrong.InnerException?.InnerException?.Message ?? wrong.InnerException?.Message} Correct the file."),
        AggregateException several when several.InnerExceptions.All(inner => Cure(inner) is not null) => string.Join(" ", several.InnerExceptions.Select(Cure)),
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } refusal =>
            OneLine($"PostgreSQL refused the sign-in ({refusal.MessageText}): correct user and password in ConnectionStrings__postgres."),
        PostgresException refusal => OneLine($"PostgreSQL refused to prepare the database ({refusal.SqlState}: {refusal.MessageText}): check that ConnectionStrings__postgres names a database whose owner signs in."),
        NpgsqlException { InnerException: SocketException or TimeoutException or IOException or null } away =>
            OneLine($"PostgreSQL does not answer ({away.Message}): start it, or correct ConnectionStrings__postgres."),
        IOException { InnerException: AddressInUseException } taken =>
            OneLine($"{taken.Message} Stop what uses it, or set AGENTSYSTEM_API_URL or AGENTSYSTEM_WEB_URL to another address."),
        _ => null,
    };

    /// <summary>The text without its line breaks.</summary>
    public static string OneLine(string text) => string.Join(' ', (text ?? "").Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
