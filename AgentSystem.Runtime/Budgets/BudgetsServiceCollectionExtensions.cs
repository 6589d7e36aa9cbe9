using AgentSystem.Runtime.Budgets.Postgres;
using AgentSystem.Runtime.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Budgets;

/// <summary>The way into budgets and the ledger.</summary>
public static class BudgetsServiceCollectionExtensions
{
    /// <summary>Adds <see cref="BudgetKeeper"/>, <see cref="IBudgetStore"/> and <see cref="IUsageLedger"/> on Postgres, and the service that turns the books.</summary>
    public static IServiceCollection AddBudgets(this IServiceCollection services)
    {
        services.AddState();
        services.AddMetrics();
        services.AddOptions<BudgetsOptions>().BindConfiguration("Budgets").ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IBudgetStore, PostgresBudgetStore>();
        services.TryAddSingleton<IBudgetBooks, PostgresBudgetBooks>();
        services.TryAddSingleton<IUsageLedger, PostgresUsageLedger>();
        services.TryAddSingleton<BudgetDirectory>();
        services.TryAddSingleton<BudgetTelemetry>();
        services.TryAddSingleton<BudgetCommitter>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, BudgetCommitter>(static s => s.GetRequiredService<BudgetCommitter>()));
        services.TryAddSingleton(static s => new BudgetKeeper(
            s.GetRequiredService<BudgetDirectory>(), s.GetRequiredService<BudgetCommitter>(), s.GetRequiredService<BudgetTelemetry>(),
            s.GetRequiredService<IOptions<BudgetsOptions>>(), s.GetRequiredService<TimeProvider>()));
        return services;
    }
}
