import { createNatter, defineAgent, defineConfig, tool } from "natter";
import { z } from "zod";

const double = tool({
  inputSchema: z.object({ amount: z.number() }),
  execute: ({ amount }, { context }) => {
    const anything: unknown = context["orders"];
    return anything === undefined ? amount * 2 : amount;
  },
});

const natter = createNatter();
const withAgent = createNatter({ agents: { default: defineAgent({ tools: { double } }) }, context: { orders: 1 } });
createNatter({ context: () => ({}) });

// @ts-expect-error -- nothing injects a number
createNatter({ context: 1 });
// @ts-expect-error -- an agent has no such field
createNatter({ agents: { default: { toolz: {} } } });
// @ts-expect-error -- a configuration has no such field
defineConfig({ agentz: {} });

type Parts<Of extends { readonly $Infer: { readonly UIMessage: { parts: unknown[] } } }> =
  Of["$Infer"]["UIMessage"]["parts"][number];
type Output<Part, Type> = Part extends { type: Type; state: "output-available"; output: infer Given } ? Given : never;

const doubled: Output<Parts<typeof withAgent>, "tool-double"> = 2;
const places: Output<Parts<typeof natter>, "tool-showPlaces">["places"] = [{ name: "x", latitude: 0, longitude: 0 }];
// @ts-expect-error -- the tool gives a number
const wrong: Output<Parts<typeof withAgent>, "tool-double"> = "2";

export const uses = [doubled, places, wrong];
