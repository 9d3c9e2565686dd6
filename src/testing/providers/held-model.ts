import { createScriptedModel, say, type ModelStep, type ScriptedModel } from "./scripted-model.ts";

/** A model that answers "one two", and waits in between where the message holds a word like `hold-it`. */
export interface HeldModel {
  readonly model: ScriptedModel;
  /** Lets answers to messages with this word go on. */
  release(word: string): void;
  releaseAll(): void;
}

/** `otherwise` may answer messages with another script. */
export const createHeldModel = (
  otherwise: (message: string) => readonly ModelStep[] | null = () => null,
): HeldModel => {
  const gates = new Map<string, PromiseWithResolvers<void>>();
  const gateOf = (word: string): PromiseWithResolvers<void> => {
    const gate = gates.get(word) ?? Promise.withResolvers<void>();
    gates.set(word, gate);
    return gate;
  };
  const model = createScriptedModel((call) => {
    const message = JSON.stringify(call.messages.at(-1));
    const word = /hold-\w+/.exec(message)?.[0];
    const held = word === undefined ? [] : [{ wait: gateOf(word).promise }];
    return [otherwise(message) ?? [...say("one "), ...held, ...say("two")]];
  });
  return {
    model,
    release: (word) => gateOf(word).resolve(),
    releaseAll() {
      for (const gate of gates.values()) gate.resolve();
    },
  };
};
