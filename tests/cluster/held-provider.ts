import { createScriptedProvider, type ScriptedProvider } from "../../src/testing/providers/scripted-provider.ts";

/** A provider that says "one ", waits until it is let go, and says "two". */
export interface HeldProvider extends ScriptedProvider {
  release(): void;
}

export const startHeldProvider = async (): Promise<HeldProvider> => {
  const gate = Promise.withResolvers<void>();
  const provider = await createScriptedProvider(() => [
    { say: "one " },
    { wait: gate.promise },
    { say: "two" },
    { finish: "stop" },
  ]);
  return Object.assign(provider, { release: () => gate.resolve() });
};
