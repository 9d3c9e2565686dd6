import type * as Prometheus from "prom-client";
import type { Counter, Gauge, Histogram, Registry } from "prom-client";

type Library = typeof Prometheus;

interface Builder {
  readonly counter: <Label extends string>(name: string, help: string, ...labels: Label[]) => Counter<Label>;
  readonly gauge: <Label extends string>(name: string, help: string, ...labels: Label[]) => Gauge<Label>;
  readonly seconds: <Label extends string>(
    name: string,
    help: string,
    buckets: number[],
    ...labels: Label[]
  ) => Histogram<Label>;
}

const createBuilder = ({ Counter, Gauge, Histogram }: Library, registry: Registry): Builder => {
  const describe = <Label extends string>(name: string, help: string, labelNames: Label[]) => ({
    name: `natter_${name}`,
    help,
    labelNames,
    registers: [registry],
  });
  return {
    counter: (name, help, ...labels) => new Counter(describe(name, help, labels)),
    gauge: (name, help, ...labels) => new Gauge(describe(name, help, labels)),
    seconds: (name, help, buckets, ...labels) => new Histogram({ ...describe(name, help, labels), buckets }),
  };
};

const firstTokenBuckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const callBuckets = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** Of all nodes: every node answers the same. */
const sharedFamilies = ({ gauge }: Builder) => ({
  databaseUp: gauge("database_up", "Whether the database answered; 0: what is known of all nodes is missing here"),
  queueDepth: gauge("queue_depth", "Completions of all nodes that have not ended, by status", "status"),
  dueAge: gauge("queue_oldest_due_seconds", "For how long the one that could start and waited longest has been due"),
  leaseAge: gauge("lease_age_seconds", "Time since the lease neglected for longest was taken or prolonged"),
});

const engineFamilies = ({ counter, gauge, seconds }: Builder) => ({
  running: gauge("completions_running", "Completions that this node works on"),
  completions: counter("completions_total", "Completions ended here, by status and provider", "status", "provider"),
  failures: counter("completion_failures_total", "Completions failed here, by the code of the error", "code"),
  takeovers: counter("takeovers_total", "Completions taken over from a worker: a crash, or a hand_over", "cause"),
  lostClaims: counter("claims_lost_total", "Claims of this node that another worker took, or that broke off", "cause"),
  firstToken: seconds(
    "first_token_seconds",
    "Time from accepting a message to the first thing its model said",
    firstTokenBuckets,
  ),
  modelFirstToken: seconds(
    "model_first_token_seconds",
    "Time from calling a model to the first thing it said",
    firstTokenBuckets,
    "provider",
  ),
  modelCall: seconds("model_call_seconds", "Time from calling a model to its end", callBuckets, "provider"),
  tokens: counter("tokens_total", "Tokens of model calls that came to their end", "provider", "direction"),
  tools: counter("tool_executions_total", "Tool calls; one that the agent does not have is unknown", "tool", "outcome"),
  logLagPositions: gauge("log_lag_positions", "Chunks said here that the log has not acknowledged"),
  logLagSeconds: gauge("log_lag_seconds", "For how long the oldest of them has waited"),
});

const nodeFamilies = ({ counter, gauge }: Builder) => ({
  requests: counter("http_requests_total", "Requests answered", "route", "method", "status"),
  accepted: counter("messages_accepted_total", "Messages accepted to be answered"),
  providerCalls: counter("provider_calls_total", "Calls made to providers, each try", "provider", "outcome"),
  circuitOpen: gauge("provider_circuit_open", "1 while a provider is left alone because it failed", "provider"),
  viewers: gauge("viewers", "Open event streams and web sockets", "transport"),
  viewerBacklog: gauge("viewer_backlog_bytes", "Bytes sent that viewers have not taken yet", "transport"),
  worstViewerBacklog: gauge("viewer_backlog_worst_bytes", "The same, of the one that lags most", "transport"),
  connections: gauge("database_connections", "Connections in use, and who waits for one", "pool", "state"),
  connectionsMax: gauge("database_connections_max", "Connections that a pool opens at most", "pool"),
});

export type Families = ReturnType<typeof sharedFamilies> &
  ReturnType<typeof engineFamilies> &
  ReturnType<typeof nodeFamilies>;

/** All families of a node, in a registry of their own, beside those of the process. */
export const createFamilies = (library: Library): { registry: Registry; families: Families } => {
  const registry = new library.Registry();
  library.collectDefaultMetrics({ register: registry, prefix: "natter_" });
  const builder = createBuilder(library, registry);
  return { registry, families: { ...sharedFamilies(builder), ...engineFamilies(builder), ...nodeFamilies(builder) } };
};
