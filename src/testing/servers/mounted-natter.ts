import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createNatter, type Natter, type NatterOptions } from "../../natter.ts";
import type { Logger } from "../../foundation/logger.ts";
import type { ModelDriver } from "../../protocol/agent/model.ts";
import { shownText } from "./layered-web.ts";
import { readStream, requestOf, testSecret, tokenFor, type Ask, type ReadStream } from "./web.ts";

/** A whole Natter in this process, on a folder of its own, answered by one model: `test/model` at 1 and 10 dollars a million. */
export interface MountedNatter {
  readonly natter: Natter;
  /** One request, of the same user unless another token is given. */
  ask(path: string, options?: Ask): Promise<Response>;
  /** Sends words and reads the answer to its end. */
  say(words: string, more?: Readonly<Record<string, unknown>>): Promise<ReadStream & { readonly text: string }>;
  close(): Promise<void>;
}

export interface MountOptions extends Omit<NatterOptions, "logger"> {
  readonly model: ModelDriver;
  readonly logger?: Logger;
}

export const mountNatter = async ({ model, ...options }: MountOptions): Promise<MountedNatter> => {
  const dataDirectory = await mkdtemp(join(tmpdir(), "natter-mounted-"));
  const natter = createNatter({
    env: {},
    auth: { jwt: { secret: testSecret }, claims: { workspace: "workspace", role: "role" } },
    providers: { test: { driver: model, models: ["model", "other"] } },
    models: { default: "test/model" },
    prices: { "test/model": { input: 1, output: 10 } },
    features: { titles: false },
    dataDirectory,
    ...options,
  });
  const token = await tokenFor({ subject: "somebody" });
  const ask = (path: string, given: Ask = {}): Promise<Response> => natter.fetch(requestOf(path, { token, ...given }));
  return {
    natter,
    ask,
    async say(words, more = {}) {
      const stream = await readStream(await ask("/v1/chat", { body: { message: { text: words }, ...more } }));
      return { ...stream, text: shownText(stream) };
    },
    async close() {
      await natter.close();
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
};
