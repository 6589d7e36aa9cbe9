namespace AgentSystem.Control.Deployment;

/// <summary>What one replica asks for and may use, as Kubernetes quantities. A request is what the autoscaler's percentages are of.</summary>
/// <param name="CpuRequest">Cores, such as <c>250m</c>.</param>
/// <param name="MemoryRequest">Bytes, such as <c>512Mi</c>.</param>
/// <param name="CpuLimit">Cores.</param>
/// <param name="MemoryLimit">Bytes; beyond it the kernel ends the process.</param>
/// <param name="Gpus">Whole graphics processors; 0: none.</param>
public sealed record ServiceSize(string CpuRequest, string MemoryRequest, string CpuLimit, string MemoryLimit, int Gpus = 0);
