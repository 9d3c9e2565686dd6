import type { TurnEnd } from "../protocol/turn.ts";
import { createChunkGate } from "./chunk-gate.ts";
import type { EngineDependencies } from "./dependencies.ts";
import type { Recorder } from "./record.ts";
import type { ClaimTurn } from "./turn.ts";

/** Lets the agent's runner drive a turn, within the middleware. */
export const runAgent = async (
  { middleware }: EngineDependencies,
  turn: ClaimTurn,
  recorder: Recorder,
  signal: AbortSignal,
): Promise<TurnEnd> => {
  const { completion, agent, messages } = turn;
  const gate = createChunkGate(middleware?.chunk, { completion, step: null });
  const drive = async (): Promise<TurnEnd> => {
    const end = await agent.runner.run(turn, signal, (chunks) => recorder.emit(gate.pass(chunks)));
    if (gate.refusal !== undefined) throw gate.refusal;
    return end;
  };
  if (middleware?.completion === undefined) return drive();
  return middleware.completion({ completion, agent: agent.id, messages, signal }, drive);
};
