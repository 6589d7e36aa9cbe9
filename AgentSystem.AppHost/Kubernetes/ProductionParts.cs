using AgentSystem.Control.Deployment;
using AgentSystem.Control.Deployment.Kubernetes;
using Aspire.Hosting.Kubernetes;
using Aspire.Hosting.Kubernetes.Resources;

namespace AgentSystem.AppHost.Kubernetes;

/// <summary>Gives the publisher's workloads the production parts that our own emitter writes: made in one place, mapped here and nothing else.</summary>
internal static class ProductionParts
{
    /// <summary>The database's server is a resource of its own name in Aspire; there is no job that migrates, the gateway does.</summary>
    private const string PostgresServer = "postgres-server";

    /// <summary>Settings that Aspire decides: where a process listens, what it calls the gateway, who migrates.</summary>
    private static readonly string[] Aspires = ["AGENTSYSTEM_API_URL", "AGENTSYSTEM_WEB_URL", "ASPNETCORE_URLS", "Api__Url", "Database__MigrateOnStart", "World", "Roles"];

    private static readonly IReadOnlyList<SystemService> Services = [.. SystemModel.Services.Where(static service => service.Kind != ServiceKind.Migration).Select(static service => service with
    {
        Name = Named(service.Name),
        References = [.. service.References.Select(static reference => reference with { Service = Named(reference.Service) })],
    })];

    /// <summary>Where the roles are, and with which certificates they are called; in run mode nothing.</summary>
    public static IResourceBuilder<ProjectResource> WithClusterSettings(this IResourceBuilder<ProjectResource> service)
    {
        if (!service.ApplicationBuilder.ExecutionContext.IsPublishMode)
        {
            return service;
        }

        foreach (var (variable, value) in HostSettings.Of(Find(service.Resource.Name)).Where(static setting => !Aspires.Contains(setting.Key)))
        {
            service.WithEnvironment(variable, value);
        }

        return service;
    }

    /// <summary>A host of ours, as the publisher has made it.</summary>
    public static void OfHost(KubernetesResource resource)
    {
        var (service, labels) = (Find(resource.Workload!.PodTemplate.Metadata.Labels[ReleaseLabels.Component]), ReleaseLabels.OfChart);
        PodMapping.Apply(HostWorkload.Pod(service, service.Image, labels), resource.Workload.PodTemplate.Spec);
        if (resource.Workload is Deployment deployment)
        {
            // One replica and one unavailable would be an outage with every rollout; an autoscaler's number is nobody else's.
            deployment.Spec.Strategy.RollingUpdate!.MaxUnavailable = 0;
            deployment.Spec.Replicas = service.Scale.IsElastic ? null : service.Scale.Min;
        }

        Sum(resource, service.Name, "config", resource.ConfigMap is not null);
        Sum(resource, service.Name, "secrets", resource.Secret is not null);
        if (service.Scale.IsElastic)
        {
            resource.AdditionalResources.Add(PlainManifest.Of(ScaleParts.Autoscaler(labels.Meta(service.Name, ObjectNames.Autoscaler(service.Name)), ObjectNames.Deployment(service.Name), service.Scale)));
        }

        resource.AdditionalResources.Add(PlainManifest.Of(ScaleParts.Disruption(labels.Meta(service.Name, ObjectNames.Disruption(service.Name)), labels.Select(service.Name))));
        resource.AdditionalResources.Add(PlainManifest.Of(ScaleParts.Account(labels.Meta(service.Name, ObjectNames.Account(service.Name)))));
        if (service.ServesGrpc)
        {
            resource.AdditionalResources.Add(PlainManifest.Of(ServiceParts.Headless(service, labels)));
        }

        if (HostSettings.HasCertificate(service))
        {
            resource.AdditionalResources.Add(PlainManifest.Of(CertificateParts.Of(service, labels)));
        }

        if (service.Kind == ServiceKind.Gateway)
        {
            // What belongs to no service stands with the one that is always there.
            resource.AdditionalResources.AddRange([PlainManifest.Of(NetworkParts.Deny(labels)), PlainManifest.Of(CertificateParts.Root(labels)), PlainManifest.Of(CertificateParts.AuthorityOf(labels)), PlainManifest.Of(CertificateParts.SignerOf(labels))]);
            Close(resource, Find(SystemModel.Agents), labels);
        }

        Close(resource, service, labels);
    }

    /// <summary>A store's network; what its pod gets is the publisher's affair.</summary>
    public static void OfStore(KubernetesResource resource)
    {
        KubernetesEnvironment.Mend(resource);
        Close(resource, Find(resource.Workload!.PodTemplate.Metadata.Labels[ReleaseLabels.Component]), ReleaseLabels.OfChart);
    }

    private static void Close(KubernetesResource resource, SystemService service, ReleaseLabels labels) =>
        resource.AdditionalResources.Add(PlainManifest.Of(NetworkParts.Of(service, Services, labels)));

    /// <summary>A changed setting starts new pods. In back-quotes, because the publisher escapes double ones.</summary>
    private static void Sum(KubernetesResource resource, string service, string file, bool there)
    {
        if (there)
        {
            resource.Workload!.PodTemplate.Metadata.Annotations["checksum/" + file] = $"{{{{ include (print $.Template.BasePath `/{service}/{file}.yaml`) . | sha256sum }}}}";
        }
    }

    private static SystemService Find(string resource) => Services.Single(service => service.Name == resource);

    private static string Named(string service) => service == SystemModel.Postgres ? PostgresServer : service;
}
