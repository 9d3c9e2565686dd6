import type { HttpDependencies } from "../dependencies.ts";
import type { HintHub } from "./hint-hub.ts";
import type { PresenceHub } from "./presence-hub.ts";

/** What live connections need besides. */
export interface LiveDependencies extends HttpDependencies {
  readonly hints: HintHub;
  readonly presence: PresenceHub;
}
