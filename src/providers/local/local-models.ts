import type { ModelInfo } from "../../protocol/agent/model.ts";
import { findLocalModels, usualLocalServers, type LocalServer } from "./local-servers.ts";

export interface LocalModelsOptions {
  readonly servers?: readonly LocalServer[];
  /** Milliseconds that what was found counts as current. */
  readonly maxAge?: number;
  readonly find?: (server: LocalServer) => Promise<readonly ModelInfo[]>;
  readonly now?: () => number;
}

/** Models of servers on this machine, as they come and go. */
export interface LocalModels {
  readonly servers: readonly LocalServer[];
  /** What was found last, at once; when that is old, servers are asked again, for the next call. */
  list(): readonly ModelInfo[];
  /** Resolves when nobody is being asked. */
  settled(): Promise<void>;
}

/** Asks nobody before the first `list`: a start is not slowed, and a server without viewers knocks at no port. */
export const createLocalModels = (options: LocalModelsOptions = {}): LocalModels => {
  const { servers = usualLocalServers, maxAge = 30_000, find = findLocalModels, now = Date.now } = options;
  let found: readonly ModelInfo[] = [];
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking = Promise.resolve();
  const ask = async (): Promise<void> => {
    found = (await Promise.all(servers.map((server) => find(server)))).flat();
  };
  return {
    servers,
    list() {
      if (now() - askedAt >= maxAge) {
        askedAt = now();
        asking = ask();
      }
      return found;
    },
    settled: () => asking,
  };
};
