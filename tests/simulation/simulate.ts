import { checkBudgets } from "./budget-invariants.ts";
import { checkInvariants } from "./invariants.ts";
import { createWorld, type World, type WorldOptions } from "./world.ts";

/** One decision of a schedule: what happens, and to which of the effects that wait. */
export interface Decision {
  readonly action: "pass" | "crash-before" | "crash-after" | "expire" | "cancel" | "answer";
  readonly index: number;
}

const maxQuietSteps = 2_000;

/** Plays a schedule with two workers, then lets a healthy one finish what is left, and checks the invariants. */
export const simulate = async (decisions: readonly Decision[], options: WorldOptions): Promise<void> => {
  const world = await createWorld(options);
  const { gate } = world;
  world.spawn();
  world.spawn();
  await gate.settle();
  for (const { action, index } of decisions) {
    if (gate.waiting === 0) break;
    if (action === "cancel") await world.cancel(index);
    else if (action === "answer") await world.answer(index);
    else if (action === "expire") await world.expire();
    else await gate.release(index, action);
    if (action.startsWith("crash")) {
      await world.expire();
      world.spawn();
    }
    await gate.settle();
  }
  await world.expire();
  await finishCalmly(world);
  if (options.budgets !== undefined) await checkBudgets(world, options.budgets);
  await world.spine.close();
};

/** No more faults: everything passes in order until nothing is left to do. */
const finishCalmly = async (world: World): Promise<void> => {
  const { gate } = world;
  for (let step = 0; step < maxQuietSteps; step += 1) {
    if (step % 20 === 0) {
      if (await world.isOver()) return checkInvariants(world);
      await world.age();
      await world.answer(step);
      if (step > 0 && step % 300 === 0) await world.expire();
    }
    if (gate.waiting === 0) world.spawn();
    await gate.settle();
    await gate.release(0, "pass");
  }
  throw new Error(`completions do not end:\n${gate.trace.slice(-200).join("\n")}`);
};
