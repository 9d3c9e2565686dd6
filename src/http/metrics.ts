import type { Gauge as GaugeType } from "prom-client";

export interface MetricsSources {
  /** Completions that are due and have no worker. */
  readonly queueDepth: () => Promise<number> | number;
}

/** What this node counts, for Prometheus. */
export interface Metrics {
  /** A request was answered; `route` is the pattern, never the path. */
  countRequest(route: string, method: string, status: number): void;
  /** A completion of this node's worker has ended. */
  countCompletion(status: string): void;
  /** Seconds from accepting a message to the first token of its answer. */
  observeFirstToken(seconds: number): void;
  /** Says where the number of open event streams is read. */
  watchViewers(count: () => number): void;
  /** The exposition format of Prometheus. */
  render(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** Loads prom-client only here: an application that mounts Natter doesn't pay for it when it starts. */
export const createMetrics = async (sources: MetricsSources): Promise<Metrics> => {
  const { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } = await import("prom-client");
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: "natter_" });
  const requests = new Counter({
    name: "natter_http_requests_total",
    help: "Requests answered",
    labelNames: ["route", "method", "status"],
    registers,
  });
  const completions = new Counter({
    name: "natter_completions_total",
    help: "Completions ended, by status",
    labelNames: ["status"],
    registers,
  });
  const firstToken = new Histogram({
    name: "natter_first_token_seconds",
    help: "Time from accepting a message to the first token of its answer",
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  const queue: GaugeType = new Gauge({
    name: "natter_queue_depth",
    help: "Completions that are due and have no worker",
    registers,
    collect: async () => queue.set(await sources.queueDepth()),
  });
  let countViewers = (): number => 0;
  const viewers: GaugeType = new Gauge({
    name: "natter_viewers",
    help: "Open event streams",
    registers,
    collect: () => viewers.set(countViewers()),
  });
  return {
    countRequest: (route, method, status) => requests.inc({ route, method, status: String(status) }),
    countCompletion: (status) => completions.inc({ status }),
    observeFirstToken: (seconds) => firstToken.observe(seconds),
    watchViewers: (count) => void (countViewers = count),
    render: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
};
