import { nativeCapabilities } from "../protocol/agent/runner-capabilities.ts";
import type { Runner } from "../protocol/agent/turn.ts";
import { nextCall } from "./tool-loop.ts";

/** One model call without tools (A3 `none`). */
export const chat = (): Runner => ({
  name: "chat",
  capabilities: nativeCapabilities,
  run: async (turn) => {
    const done = turn.steps.at(0)?.end ?? (await turn.model(nextCall(turn, [], [])));
    return { status: "completed", finishReason: done.finishReason };
  },
});
