import type { McpDrift } from "../../protocol/agent/mcp.ts";
import type { McpPin } from "../../store/tools/mcp-rows.ts";
import { fingerprintOf, type ListedTool } from "./listed-tool.ts";

/** Keeps what a server's tools were when they were first seen. */
export interface PinStore {
  read(): Promise<readonly McpPin[]>;
  add(pins: readonly McpPin[]): Promise<void>;
  replace(pin: McpPin): Promise<void>;
}

/** A tool as it is offered, and how it stands to what was first seen. */
export interface PinnedTool extends ListedTool {
  readonly drift: McpDrift;
  /** Of what the server lists now. */
  readonly fingerprint: string;
}

const pinOf = (tool: ListedTool): McpPin => ({
  tool: tool.name,
  fingerprint: fingerprintOf(tool),
  description: tool.description,
  inputSchema: tool.inputSchema,
});

/**
 * Compares what a server lists with what it listed at first. A changed tool keeps the words that were first seen, so that
 * new ones never reach a model by themselves; one that was added later is marked. `trusted` fingerprints are taken as new.
 */
export const pinTools = async (
  listed: readonly ListedTool[],
  trusted: "all" | readonly string[],
  store: PinStore,
): Promise<PinnedTool[]> => {
  const asListed = (tool: ListedTool, drift: McpDrift): PinnedTool => ({
    ...tool,
    drift,
    fingerprint: fingerprintOf(tool),
  });
  if (trusted === "all") return listed.map((tool) => asListed(tool, "none"));
  const pins = new Map((await store.read()).map((pin) => [pin.tool, pin]));
  if (pins.size === 0) {
    await store.add(listed.map(pinOf));
    return listed.map((tool) => asListed(tool, "none"));
  }
  return Promise.all(
    listed.map(async (tool): Promise<PinnedTool> => {
      const pin = pins.get(tool.name);
      const fingerprint = fingerprintOf(tool);
      if (pin?.fingerprint === fingerprint) return asListed(tool, "none");
      if (trusted.includes(fingerprint)) {
        await store.replace(pinOf(tool));
        return asListed(tool, "none");
      }
      if (pin === undefined) return asListed(tool, "added");
      const { description, inputSchema } = pin;
      return { ...tool, description, inputSchema, drift: "changed", fingerprint };
    }),
  );
};
