using System.Text.Json.Nodes;

namespace AgentSystem.Control.Deployment.Kubernetes.Chart;

/// <summary>The chart of the whole system, made of the model and the production parts.</summary>
public static class SystemChart
{
    /// <summary>A sleeping preStop is there from 1.30 on without a feature gate of the operator's.</summary>
    private const string OldestKubernetes = ">= 1.30.0-0";

    /// <summary>Makes it.</summary>
    public static HelmChart Make() => Make(Manifests());

    /// <summary>Every object, under every choice of the values.</summary>
    internal static IReadOnlyList<Manifest> Manifests()
    {
        var labels = ReleaseLabels.OfChart;
        return
        [
            .. SystemModel.Services.Where(static service => service.IsHost).SelectMany(service => HostManifests.Of(service, labels)),
            .. Migration(SystemModel.Find(SystemModel.Migration), labels),
            .. CertificateManifests.All(labels),
            .. StoreManifests.All(labels),
            new("network", NetworkParts.Deny(labels)),
            .. SystemModel.Services.Select(service => Network(service, labels)),
        ];
    }

    internal static HelmChart Make(IReadOnlyList<Manifest> manifests)
    {
        var values = new ChartValues();
        Defaults(values);
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var manifest in manifests)
        {
            // Two objects in one file would lose one of them, silently; the validator names them before anything is written.
            files[manifest.Path] = ManifestText.Write(manifest, values) + (files.TryGetValue(manifest.Path, out var before) ? before : "");
        }

        files["Chart.yaml"] = YamlText.Write(new JsonObject
        {
            ["apiVersion"] = "v2",
            ["name"] = HelmChart.Name,
            ["description"] = "AgentSystem: gateway, workers and console for LLM agents",
            ["type"] = "application",
            ["version"] = HelmChart.Version,
            ["appVersion"] = HelmChart.Version,
            ["kubeVersion"] = OldestKubernetes,
        });
        files["values.yaml"] = "# Defaults. Secrets have none: give them in a file of your own that is kept as a secret, or from your vault's operator. docs/operations/kubernetes.md explains the choices.\n" + values.Text();
        files["values.schema.json"] = ValuesSchema.Of(values);
        return new HelmChart(files, values.Root);
    }

    private static void Defaults(ChartValues values)
    {
        values.Default("parameters.images.pull_policy", "IfNotPresent", "Of our images; each service names its own image below.");
        values.Default("parameters.images.pull_secrets", new JsonArray(), "Names of Secrets that fetch images: - name: my-registry");
        values.Default("parameters.network.extra_egress", new JsonArray(), "More that every host may open, as rules of a NetworkPolicy: a collector of telemetry, stores and models outside the cluster.");
        CertificateManifests.Choices(values);
        StoreManifests.Choices(values);
        values.Default("secrets.platform.root_key", "", "At least 32 characters; all other secrets derive from it. Keep a copy with the backups.");
        values.Default("secrets.platform.admin_key", "", "At least 32 characters; a new value revokes the old key.");
        values.Default("secrets.models", new JsonObject(), "Models__<name>__ApiKey and other secret settings of models, for the gateway and every role.");
        values.Default("parameters.web.replicas", 1, "Keep one: a sign-in ends with its pod, because the console has no folder to keep its keys in.");
        values.Default("parameters.workers_inference.resources", System.Text.Json.Nodes.JsonNode.Parse(k8s.KubernetesJson.Serialize(PodParts.Resources(SystemModel.Find(SystemModel.OfRole("inference")).Size))), "Without graphics processors set the limit nvidia.com/gpu to null; with them, name an image that was built with -p:Gpu=true.");
        values.Default("config.models", new JsonObject(), "Models__<name>__Provider and so on, for the gateway and every role. The shipped model is there without any.");
        foreach (var service in SystemModel.Services.Where(static service => service.IsHost))
        {
            values.Default("secrets." + service.Key, new JsonObject());
        }
    }

    private static IEnumerable<Manifest> Migration(SystemService service, ReleaseLabels labels)
    {
        var job = MigrationJob.Of(service, HostManifests.Image(service), "{{ .Release.Revision }}", labels);
        HostManifests.Prepare(job.Spec.Template.Spec);
        return
        [
            new(service.Name, ScaleParts.Account(labels.Meta(service.Name, ObjectNames.Account(service.Name)))),
            new(service.Name, job)
            {
                File = "job",
                Lifts =
                [
                    new ValueLift("spec/template/spec/containers/0/image", HostManifests.ImageKey(service)), new ValueLift("spec/template/spec/containers/0/imagePullPolicy", "parameters.images.pull_policy"),
                    .. HostManifests.PodLifts("parameters." + service.Key),
                ],
            },
        ];
    }

    private static Manifest Network(SystemService service, ReleaseLabels labels)
    {
        var policy = NetworkParts.Of(service, SystemModel.Services, labels);
        return new(service.Name, policy)
        {
            Lifts =
            [
                .. service.IsPublic ? [new ValueLift($"spec/ingress/{policy.Spec.Ingress.Count - 1}/from", $"parameters.{service.Key}.clients")] : Array.Empty<Lift>(),
                .. policy.Spec.Egress.Count > 0 ? [new LinesLift("spec/egress", "{{- if .Values.parameters.network.extra_egress }}", "{{- toYaml .Values.parameters.network.extra_egress | nindent {columns} }}", "{{- end }}")] : Array.Empty<Lift>(),
            ],
        };
    }
}
