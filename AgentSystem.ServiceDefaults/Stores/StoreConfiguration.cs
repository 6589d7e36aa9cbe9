using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Npgsql;
using StackExchange.Redis;

namespace AgentSystem.ServiceDefaults.Stores;

/// <summary>The stores' connection strings, read once and refused together when they are wrong. Their text never reaches a message: it holds passwords.</summary>
internal sealed record StoreConfiguration(string Postgres, string? Redis, string? Qdrant)
{
    /// <param name="configuration">Where <c>ConnectionStrings</c> stand.</param>
    /// <param name="qdrantHasAClient">False in a build without Aspire's packages, which has no Qdrant client.</param>
    /// <exception cref="OptionsValidationException">One line per mistake, each with its cure.</exception>
    public static StoreConfiguration Read(IConfiguration configuration, bool qdrantHasAClient)
    {
        var mistakes = Mistakes(configuration, qdrantHasAClient);
        return mistakes.Count == 0
            ? new StoreConfiguration(PostgresPatience.Apply(Text(configuration, StoreNames.Postgres)!, configuration.GetSection(StoreOptions.Section).Get<StoreOptions>() ?? new StoreOptions()), Text(configuration, StoreNames.Redis), Text(configuration, StoreNames.Qdrant))
            : throw new OptionsValidationException("ConnectionStrings", typeof(StoreConfiguration), mistakes);
    }

    /// <summary>What is wrong with the connection strings, one line each with its cure.</summary>
    public static IReadOnlyList<string> Mistakes(IConfiguration configuration, bool qdrantHasAClient)
    {
        var (postgres, redis, qdrant) = (Text(configuration, StoreNames.Postgres), Text(configuration, StoreNames.Redis), Text(configuration, StoreNames.Qdrant));
        List<string> mistakes = [];
        if (postgres is null)
        {
            mistakes.Add("ConnectionStrings__postgres is not set: set it to a PostgreSQL server (Host=...;Username=...;Password=...;Database=...), or run AgentSystem.AppHost, which starts one.");
        }
        else if (!Parses(() => new NpgsqlConnectionStringBuilder(postgres)))
        {
            mistakes.Add("ConnectionStrings__postgres cannot be read: write it as Host=...;Username=...;Password=...;Database=...");
        }

        if (redis is not null && !Parses(() => ConfigurationOptions.Parse(redis)))
        {
            mistakes.Add("ConnectionStrings__redis cannot be read: write it as host:port,password=..., or unset it to run without Redis.");
        }

        if (qdrant is not null && !qdrantHasAClient)
        {
            mistakes.Add("ConnectionStrings__qdrant is set, but this build has no Qdrant client: build on a feed that has the Aspire packages (-p:UseAspire=true), or unset it to keep vectors in PostgreSQL.");
        }

        return mistakes;
    }

    private static string? Text(IConfiguration configuration, string name) =>
        configuration.GetConnectionString(name) is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;

    private static bool Parses(Func<object> parse)
    {
        try
        {
            parse();
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
