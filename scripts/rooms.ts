const anything = "*";

/**
 * What each room of `src/` may import besides itself: rooms, or single files of them. A line for a file overrules the
 * one of its room. `compose` and the files at the root of `src/` put the rooms together and may import anything; so may tests.
 */
export const mayImport: Readonly<Record<string, string>> = {
  foundation: "",
  config: "foundation protocol",
  protocol: "foundation/errors",
  ports: "protocol foundation",
  store: "protocol ports foundation",
  drivers: "ports protocol foundation",
  "drivers/queue/queue-table": "store ports protocol foundation",
  "drivers/log-postgres": "store ports protocol foundation",
  completions: "protocol ports store foundation",
  jobs: "protocol ports store foundation",
  conversations: "protocol ports store completions jobs foundation",
  people: "protocol ports store foundation",
  providers: "protocol foundation",
  tools: "protocol ports store foundation",
  middleware: "protocol ports store completions foundation",
  agents: "protocol ports store tools providers foundation",
  engine: "conversations completions agents tools providers middleware jobs ports protocol foundation",
  auth: "people protocol ports store foundation",
  telemetry: "engine http conversations completions providers tools ports protocol foundation",
  http: "auth people conversations completions tools middleware providers agents ports protocol config foundation",
  "http/routes":
    "admin transfer auth people conversations completions tools middleware providers agents ports protocol config foundation",
  admin: "auth people conversations completions http store ports protocol foundation",
  transfer: "auth people conversations completions jobs http store ports protocol foundation",
  client: "protocol",
  react: "client protocol",
  compose: anything,
  cli: anything,
  testing: anything,
};

/** The packages a room may import, where it may not import any it likes; `type` allows only the types of it. */
export const packagesOf: Readonly<Record<string, Readonly<Record<string, "value" | "type">>>> = {
  protocol: { zod: "value", ai: "type" },
  client: { ai: "type" },
  react: { ai: "type", react: "value" },
};

/** The rooms that may read the environment. */
export const environmentReaders: readonly string[] = ["config", "cli", "testing"];
