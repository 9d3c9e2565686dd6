import type { Io } from "../../src/foundation/io.ts";

/** One passage of the engine's gate. */
export interface Boundary {
  readonly label: string;
  /** 1 for the first time that a worker passes it. */
  readonly occurrence: number;
}

export type Fate = "live" | "die before" | "die after";

/** The gate of a worker that can die like a process: from then on nothing that it began comes back, and it begins nothing. */
export interface MortalIo {
  readonly io: Io;
  /** What it passed, in order. */
  readonly trace: readonly Boundary[];
  readonly isDead: boolean;
  readonly died: Promise<void>;
  die(): void;
}

const never = (): Promise<never> => new Promise(() => {});

export const createMortalIo = (fateAt: (boundary: Boundary) => Fate = () => "live"): MortalIo => {
  const counts = new Map<string, number>();
  const trace: Boundary[] = [];
  const { promise: died, resolve } = Promise.withResolvers<void>();
  let isDead = false;
  const die = (): void => {
    isDead = true;
    resolve();
  };
  const io: Io = async (label, effect) => {
    if (isDead) return never();
    const occurrence = (counts.get(label) ?? 0) + 1;
    counts.set(label, occurrence);
    trace.push({ label, occurrence });
    const fate = fateAt({ label, occurrence });
    if (fate === "die before") die();
    if (isDead) return never();
    try {
      return await effect();
    } finally {
      if (fate === "die after") die();
      if (isDead) await never();
    }
  };
  return {
    io,
    trace,
    get isDead() {
      return isDead;
    },
    died,
    die,
  };
};
