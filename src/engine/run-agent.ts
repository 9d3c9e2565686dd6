import { unknownCapabilities } from "../protocol/agent/runner-capabilities.ts";
import type { TurnEnd } from "../protocol/agent/turn.ts";
import type { EngineDependencies } from "./dependencies.ts";
import type { ClaimTurn } from "./turn.ts";

/** What a runner may take to end by itself when it is stopped; after it, it is left behind. */
const windingUpMilliseconds = 300;

/** Rejects when a runner that was stopped does not end. */
const leftBehind = (signal: AbortSignal): { readonly promise: Promise<never>; readonly stop: () => void } => {
  const { promise, reject } = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  const wait = (): void => {
    timer = setTimeout(() => reject(signal.reason), windingUpMilliseconds);
  };
  signal.addEventListener("abort", wait, { once: true });
  promise.catch(() => {});
  return {
    promise,
    stop: () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", wait);
    },
  };
};

const drive = async (turn: ClaimTurn, signal: AbortSignal): Promise<TurnEnd> => {
  const { foreign, agent } = turn;
  const { emission } = foreign;
  const { resume } = agent.runner.capabilities ?? unknownCapabilities;
  const left = leftBehind(signal);
  try {
    const run = agent.runner.run(turn, signal, emission.emit);
    // what calls models and tools through the turn ends with its writes
    const end = await Promise.race(resume === "step" ? [run, emission.failed] : [run, emission.failed, left.promise]);
    if (end.status === "completed") await emission.close();
    if (end.status === "waiting" && foreign.questions.length > 0) await foreign.park();
    return end;
  } finally {
    left.stop();
    await foreign.end();
  }
};

/** Lets the agent's runner drive a turn, within the middleware. */
export const runAgent = async (
  { middleware }: EngineDependencies,
  turn: ClaimTurn,
  signal: AbortSignal,
): Promise<TurnEnd> => {
  const { completion, agent, messages } = turn;
  if (middleware?.completion === undefined) return drive(turn, signal);
  return middleware.completion({ completion, agent: agent.id, messages, signal }, () => drive(turn, signal));
};
