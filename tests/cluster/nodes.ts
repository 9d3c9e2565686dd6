import sql from "sql-template-tag";
import { createNatter, type Natter } from "../../src/natter.ts";
import { framesOf, spokenText, testSecret, tokenFor } from "../../src/testing/servers/web.ts";
import type { Frame } from "../../src/protocol/message/frames.ts";
import { createFaultDatabase, type FaultDatabase } from "../faults/fault-database.ts";
import { NatterNode } from "../faults/natter-node.ts";
import { type HeldProvider, startHeldProvider } from "./held-provider.ts";

export type Role = "web" | "worker" | "all";
type Variables = Readonly<Record<string, string>>;

export const metricsToken = "metrics-of-the-cluster";

/** Nodes over one PostgreSQL and one Redis that are started one by one, with a provider whose answers wait. */
export interface Nodes {
  readonly database: FaultDatabase;
  readonly provider: HeldProvider;
  readonly token: string;
  /** A process of this role that is ready. */
  start(role: Role, more?: Variables): Promise<NatterNode>;
  /** One inside this process, as a host application has it. */
  mount(role: Role, more?: Variables): Natter;
  statusOf(completionId: string): Promise<string | undefined>;
  close(): Promise<void>;
}

export const openNodes = async (postgresUrl: string, redisUrl: string): Promise<Nodes> => {
  const database = await createFaultDatabase(postgresUrl);
  const provider = await startHeldProvider();
  const nodes: NatterNode[] = [];
  const mounted: Natter[] = [];
  const variablesOf = (role: Role, more: Variables = {}): Record<string, string> => ({
    ...database.environment,
    REDIS_URL: redisUrl,
    NATTER_ROLE: role,
    NATTER_METRICS_TOKEN: metricsToken,
    OPENAI_COMPATIBLE_BASE_URL: provider.baseUrl,
    OPENAI_COMPATIBLE_API_KEY: "any",
    NATTER_DEFAULT_MODEL: "compatible/held",
    ...more,
  });
  return {
    database,
    provider,
    token: await tokenFor(),
    async start(role, more) {
      const node = await NatterNode.create(variablesOf(role, more));
      nodes.push(node);
      await node.start();
      return node;
    },
    mount(role, more) {
      const env = { NATTER_JWT_SECRET: testSecret, ...variablesOf(role, more) };
      const natter = createNatter({ env, features: { titles: false } });
      mounted.push(natter);
      return natter;
    },
    statusOf: (id) =>
      database.look(async (rows) => {
        const [row] = await rows.query<{ status: string }>(sql`select status from completion where id = ${id}`);
        return row?.status;
      }),
    async close() {
      provider.release();
      await Promise.all(mounted.map((natter) => natter.close()));
      await Promise.all(nodes.map((node) => node.end("SIGKILL")));
      await provider.close();
      await database.remove();
    },
  };
};

/** What came of a stream until it had said so much, or was over. */
export interface Watched {
  readonly frames: readonly Frame[];
  readonly lastId: string | undefined;
  readonly text: string;
  readonly isDone: boolean;
  readonly retry: number | null;
}

/** Reads a stream step by step. */
export const watch = (response: Response) => {
  const events = framesOf(response);
  const frames: Frame[] = [];
  let isDone = false;
  let retry: number | null = null;
  const so = (): Watched => ({
    frames,
    lastId: frames.findLast(({ id }) => id !== undefined)?.id,
    text: spokenText(frames.map(({ chunk }) => chunk)),
    isDone,
    retry,
  });
  const take = async (isEnough: (seen: Watched) => boolean): Promise<Watched> => {
    while (!isEnough(so())) {
      const { value, done } = await events.next();
      if (done === true) break;
      if (value === "[DONE]") isDone = true;
      else if ("retry" in value) retry = value.retry;
      else frames.push(value);
    }
    return so();
  };
  return {
    untilSaid: (text: string) => take((seen) => seen.text.includes(text)),
    untilOver: () => take(() => false),
  };
};
