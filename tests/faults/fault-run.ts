import type { FaultReport } from "./report.ts";

/** Servers to test with; null where the machine has none. */
export interface FaultStores {
  readonly postgresUrl: string | null;
  readonly redisUrl: string | null;
}

/** A fault script with its options. */
export interface FaultRun {
  readonly fault: string;
  readonly title: string;
  /** Null: it needs a server that is not there. */
  readonly run: (() => Promise<FaultReport>) | null;
}
