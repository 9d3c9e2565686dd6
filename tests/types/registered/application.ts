import { completed, createNatter, defineAgent, failed, notFound, tool, type NatterUIMessage } from "natter";
import { z } from "zod";

class Orders {
  async find(id: string): Promise<{ readonly id: string; readonly cents: number } | undefined> {
    return id === "" ? undefined : { id, cents: 100 };
  }
}

const getOrder = tool({
  description: "Looks an order up",
  inputSchema: z.object({ orderId: z.string(), limit: z.number().default(1) }),
  execute: async ({ orderId, limit }, { context }) => {
    const exact: number = limit;
    const name: string | null = context.user.name;
    context.logger.info({ exact, name }, "looked");
    // @ts-expect-error -- the application has no such thing
    await context.invoices.find(orderId);
    // @ts-expect-error -- it is a text
    await context.orders.find(1);
    const order = await context.orders.find(orderId);
    return order === undefined ? notFound(orderId) : completed(order);
  },
});

const refund = tool({
  inputSchema: z.object({ cents: z.int() }),
  approval: ({ cents }, { context }) => cents > 100 && context.orders instanceof Orders,
  execute: ({ cents }) => (cents > 0 ? { paid: cents } : failed("nothing to pay")),
});

const report = tool({
  inputSchema: z.object({ month: z.string() }),
  background: { attempts: 3, timeout: "10m", onResult: "continue" },
  execute: async ({ month }, job) => {
    await job.progress({ ratio: 0.5 });
    return completed({ month, orders: await job.context.orders.find(month) });
  },
});

const askUser = tool({
  inputSchema: z.object({ question: z.string() }),
  outputSchema: z.object({ answer: z.string() }),
});

const forget = tool({ inputSchema: z.object({}), execute: () => {} });

// @ts-expect-error -- the body wants what the schema does not give
tool({ inputSchema: z.object({ a: z.string() }), execute: ({ a }: { a: number }) => a });
// @ts-expect-error -- a client tool says what its results are
tool({ inputSchema: z.object({}) });
// @ts-expect-error -- there is no such unit
tool({ inputSchema: z.object({}), timeout: "ten minutes", execute: () => 1 });
// @ts-expect-error -- a tool is no function
defineAgent({ tools: { bare: () => 1 } });
// @ts-expect-error -- temperature is a number
defineAgent({ settings: { temperature: "hot" } });
// @ts-expect-error -- instructions are a text
defineAgent({ instructions: async () => 1 });

export const agents = {
  support: defineAgent({
    instructions: async ({ context, completion, settings }) =>
      `${context.user.name} ${(await context.orders.find(completion.id))?.cents} ${settings.temperature}`,
    tools: { getOrder, refund, askUser },
  }),
  clerk: defineAgent({ tools: { report, forget } }),
};

declare module "natter" {
  interface Register {
    context: { readonly orders: Orders };
    agents: typeof agents;
  }
}

// @ts-expect-error -- what Register promises has to be given
createNatter({ agents });
// @ts-expect-error -- and nothing else
createNatter({ agents, context: { orders: new Map() } });
createNatter({ agents, context: ({ user }) => ({ orders: user.id === "" ? new Orders() : new Orders() }) });
createNatter({ agents, context: async () => ({ orders: new Orders() }) });

export const natter = createNatter({ agents, context: { orders: new Orders() } });

type Message = typeof natter.$Infer.UIMessage;
type Part = Message["parts"][number];
type Same<One, Other> =
  (<Value>() => Value extends One ? 1 : 2) extends <Value>() => Value extends Other ? 1 : 2 ? true : false;

const is = <Expected extends true>(): Expected | undefined => undefined;

type PartOf<Type extends string> = Extract<Part, { readonly type: Type }>;
type InputOf<Type extends string> =
  Extract<PartOf<Type>, { readonly state: "input-available" }> extends { input: infer Input } ? Input : never;
type OutputOf<Type extends string> =
  Extract<PartOf<Type>, { readonly state: "output-available" }> extends {
    output: infer Output;
  }
    ? Output
    : never;

is<Same<InputOf<"tool-getOrder">, { orderId: string; limit?: number | undefined }>>();
is<Same<OutputOf<"tool-getOrder">, { readonly id: string; readonly cents: number }>>();
is<Same<InputOf<"tool-refund">, { cents: number }>>();
is<Same<OutputOf<"tool-refund">, { paid: number }>>();
is<Same<OutputOf<"tool-askUser">, { answer: string }>>();
is<Same<OutputOf<"tool-report">, { readonly status: "pending"; readonly note: string }>>();
is<Same<OutputOf<"tool-forget">, null>>();
// @ts-expect-error -- it would be found if it were wrong
is<Same<OutputOf<"tool-refund">, { paid: string }>>();
// @ts-expect-error -- no agent has such a tool
is<Same<PartOf<"tool-deleteEverything">, never> extends true ? false : true>();

const placesOf = (part: Part): number => (part.type === "data-natter-map" ? part.data.features.length : 0);
const resultOf = (part: Part): string => (part.type === "data-natter-tool-result" ? part.data.toolExecutionId : "");
const completionOf = (message: Message): string | undefined => message.metadata?.completionId;
export const uses = [placesOf, resultOf, completionOf];

is<Same<Message, NatterUIMessage>>();
