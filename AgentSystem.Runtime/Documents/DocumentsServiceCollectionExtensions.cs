using AgentSystem.Runtime.Documents.AngleSharp;
using AgentSystem.Runtime.Documents.Markdown;
using AgentSystem.Runtime.Documents.PdfPig;
using AgentSystem.Runtime.Documents.Postgres;
using AgentSystem.Runtime.Documents.Text;
using AgentSystem.Runtime.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Documents;

/// <summary>The way into the documents.</summary>
public static class DocumentsServiceCollectionExtensions
{
    /// <summary>Adds <see cref="DocumentIntake"/> and <see cref="IDocumentStore"/> on Postgres. Binds the section <c>Documents</c>.</summary>
    public static IServiceCollection AddDocuments(this IServiceCollection services)
    {
        services.AddState();
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<DocumentsOptions>().BindConfiguration("Documents").ValidateDataAnnotations().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IDocumentFormat, PlainTextFormat>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IDocumentFormat, MarkdownFormat>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IDocumentFormat, HtmlFormat>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IDocumentFormat, PdfFormat>());
        services.TryAddSingleton<IDocumentStore, PostgresDocumentStore>();
        services.TryAddSingleton<DocumentReading>();
        // Its constructor is internal, because what it takes is.
        services.TryAddSingleton(provider => new DocumentIntake(
            provider.GetRequiredService<IDocumentStore>(), provider.GetRequiredService<DocumentReading>(),
            provider.GetRequiredService<IOptions<DocumentsOptions>>(), provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
