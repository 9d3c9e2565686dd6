import { readdirSync, readFileSync } from "node:fs";
import { cpus } from "node:os";

// Linux tells times in clock ticks, which are 100 a second for every program.
const millisecondsPerTick = 10;

interface ProcessTimes {
  readonly parent: number;
  readonly own: number;
  readonly endedChildren: number;
}

const readTimes = (pid: number | string): ProcessTimes | null => {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = line
      .slice(line.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    const at = (index: number): number => fields[index] ?? 0;
    return {
      parent: at(1),
      own: (at(11) + at(12)) * millisecondsPerTick,
      endedChildren: (at(13) + at(14)) * millisecondsPerTick,
    };
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ESRCH")) return null;
    throw error;
  }
};

/** Processor milliseconds that a process has used with all its threads. */
export const readProcessTime = (pid: number): number => readTimes(pid)?.own ?? 0;

/** The same for a process and its children, also those that ended: a PostgreSQL server with its backends. */
export const readFamilyTime = (pid: number): number => {
  const family = readTimes(pid);
  if (!family) return 0;
  const children = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readTimes(name) ?? [])
    .filter(({ parent }) => parent === pid);
  return children.reduce((total, child) => total + child.own, family.own + family.endedChildren);
};

/** Resident memory of a process in MB. */
export const readMemory = (pid: number): number =>
  (Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * 4_096) / 1_048_576;

/** Processor milliseconds that the whole machine was busy, and that went by, on all cores together. */
export const readMachineTime = (): { busy: number; elapsed: number } => {
  const [first = ""] = readFileSync("/proc/stat", "utf8").split("\n");
  const fields = first.trim().split(/\s+/).slice(1, 9).map(Number);
  const elapsed = fields.reduce((total, field) => total + field, 0);
  const idle = (fields[3] ?? 0) + (fields[4] ?? 0);
  return { busy: (elapsed - idle) * millisecondsPerTick, elapsed: elapsed * millisecondsPerTick };
};

export const coreCount = cpus().length;
