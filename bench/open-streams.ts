import { type ClientRequest, request } from "node:http";

/** Streams that stay open, and what came over all of them. */
export interface OpenStreams {
  readonly bytes: number;
  readonly reads: number;
  /** Streams that were answered by anything but 200. */
  readonly refused: number;
  /** Opens a stream, by POST where it has a body; answers its first bytes, or "" when it is only to be open. */
  open(path: string, options?: { readonly body?: object; readonly isQuiet?: boolean }): Promise<string>;
  closeAll(): void;
}

export const createOpenStreams = (url: string, token: string): OpenStreams => {
  const requests = new Set<ClientRequest>();
  const count = { bytes: 0, reads: 0, refused: 0 };
  return {
    get bytes() {
      return count.bytes;
    },
    get reads() {
      return count.reads;
    },
    get refused() {
      return count.refused;
    },
    open(path, { body, isQuiet = false } = {}) {
      const headers = { authorization: `Bearer ${token}`, ...(body ? { "content-type": "application/json" } : {}) };
      const { promise, resolve } = Promise.withResolvers<string>();
      const asked = request(`${url}${path}`, { method: body ? "POST" : "GET", headers, agent: false }, (response) => {
        if (response.statusCode !== 200) count.refused += 1;
        if (isQuiet) resolve("");
        response.on("error", () => {});
        response.on("data", (data: Buffer) => {
          count.bytes += data.length;
          count.reads += 1;
          resolve(data.toString());
        });
      });
      asked.on("error", () => resolve(""));
      requests.add(asked);
      asked.end(body === undefined ? undefined : JSON.stringify(body));
      return promise;
    },
    closeAll() {
      for (const asked of requests) asked.destroy();
      requests.clear();
    },
  };
};

const atOnce = 50;

/** Begins `count` streams, a few at once. */
export const openMany = async (count: number, begin: (index: number) => Promise<string>): Promise<string[]> => {
  const said: string[] = [];
  for (let from = 0; from < count; from += atOnce) {
    const some = Array.from({ length: Math.min(atOnce, count - from) }, (_, index) => begin(from + index));
    said.push(...(await Promise.all(some)));
  }
  return said;
};

/** The completion that an answer's first bytes tell of. */
export const completionIn = (said: string): string => {
  const id = /"completionId":"([\w-]+)"/.exec(said)?.[1];
  if (id === undefined) throw new Error(`no completion was begun: ${said.slice(0, 300)}`);
  return id;
};
