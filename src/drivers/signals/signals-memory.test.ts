import { signalsConformance } from "../../testing/conformance/signals-conformance.ts";
import { createMemorySignals } from "./signals-memory.ts";

signalsConformance("createMemorySignals", () => {
  const signals = createMemorySignals();
  return [signals, signals];
});
