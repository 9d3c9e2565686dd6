import { once } from "node:events";
import { connect, type Socket } from "node:net";
import sql from "sql-template-tag";
import { expect } from "vitest";
import type { StorageLimits } from "../../src/conversations/files/storage.ts";
import { startServer } from "../../src/http/server/server.ts";
import type { HttpLimits } from "../../src/http/dependencies.ts";
import type { BlobStore } from "../../src/ports/blob-store.ts";
import type { Database } from "../../src/ports/database.ts";
import { createScriptedModel } from "../../src/testing/providers/scripted-model.ts";
import { createWeb, tokenFor } from "../../src/testing/servers/web.ts";

export interface FileWorldOptions {
  readonly database: Database;
  readonly storage?: Partial<StorageLimits>;
  readonly limits?: Partial<HttpLimits>;
  /** What files are kept in, made of the one on the disk that each world has. */
  readonly blobs?: (own: BlobStore) => BlobStore;
  /** What the rooms below HTTP take for the database. */
  readonly changeDatabase?: (own: Database) => Database;
}

export interface Upload {
  readonly type?: string;
  /** Null: none is said. */
  readonly name?: string | null;
  readonly token?: string;
}

/** A served Natter whose files are looked at from both sides. */
export interface FileWorld {
  readonly origin: string;
  readonly token: string;
  readonly blobs: BlobStore;
  upload(bytes: Uint8Array, upload?: Upload): Promise<Response>;
  get(url: string, headers?: Readonly<Record<string, string>>, method?: string): Promise<Response>;
  /** The head of a raw request to upload a file. */
  head(headers: Readonly<Record<string, string | number>>): string;
  open(): Promise<Socket>;
  /** Ids of all files, once no upload is under way; fails when they are not the ids of all rows. */
  settled(): Promise<readonly string[]>;
  close(): Promise<void>;
}

const keysOf = async (blobs: BlobStore): Promise<string[]> => {
  const keys: string[] = [];
  for await (const key of blobs.list(new Date(Date.now() + 3_600_000))) keys.push(key);
  return keys.toSorted();
};

/** Counts what is being stored at the moment. */
const counting = (blobs: BlobStore) => {
  let open = 0;
  const counted: BlobStore = {
    ...blobs,
    put: async (...what) => {
      open += 1;
      try {
        return await blobs.put(...what);
      } finally {
        open -= 1;
      }
    },
  };
  return { counted, isIdle: () => open === 0 };
};

/** The whole answer of a raw connection, until it ends or the server has nothing more to say. */
export const answerOf = async (socket: Socket, isWhole: (text: string) => boolean): Promise<string> => {
  let text = "";
  socket.setEncoding("utf8");
  socket.on("data", (piece: string) => (text += piece));
  let isOver = false;
  socket.on("close", () => (isOver = true)).on("error", () => (isOver = true));
  await expect.poll(() => isOver || isWhole(text), { timeout: 20_000 }).toBe(true);
  return text;
};

export const createFileWorld = async ({
  database,
  storage = {},
  limits,
  blobs: change = (own) => own,
  changeDatabase = (own) => own,
}: FileWorldOptions): Promise<FileWorld> => {
  let watched: ReturnType<typeof counting> | undefined;
  let blobs: BlobStore | undefined;
  const web = await createWeb({
    database,
    model: createScriptedModel(() => []),
    ...(limits === undefined ? {} : { dependencies: { limits } }),
    changeContext: (context) => {
      blobs = change(context.blobs);
      watched = counting(blobs);
      return {
        ...context,
        database: changeDatabase(context.database),
        blobs: watched.counted,
        storage: { takesFiles: true, uploadBytes: 100_000, bytesPerUser: 1_000_000_000, ...storage },
      };
    },
  });
  if (blobs === undefined || watched === undefined) throw new Error("there are no files");
  const [store, { isIdle }] = [blobs, watched];
  const server = await startServer(web.http, { host: "127.0.0.1", port: 0 });
  const origin = `http://127.0.0.1:${server.port}`;
  const token = await tokenFor({ subject: "anna", workspace: "w-files", role: "member" });
  await web.ask("/v1/me", { token });
  return {
    origin,
    token,
    blobs: store,
    upload: (bytes, { type = "text/plain", name = "a.txt", token: as = token } = {}) =>
      fetch(`${origin}/v1/attachments${name === null ? "" : `?filename=${encodeURIComponent(name)}`}`, {
        method: "POST",
        headers: { authorization: `Bearer ${as}`, "content-type": type },
        body: Buffer.from(bytes),
      }),
    get: (url, headers = {}, method = "GET") =>
      fetch(`${origin}${url}`, { method, headers: { authorization: `Bearer ${token}`, ...headers } }),
    head: (headers) =>
      [
        "POST /v1/attachments HTTP/1.1",
        `host: 127.0.0.1:${server.port}`,
        `authorization: Bearer ${token}`,
        "content-type: text/plain",
        ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
        "\r\n",
      ].join("\r\n"),
    async open() {
      const socket = connect(server.port, "127.0.0.1");
      await once(socket, "connect");
      socket.on("error", () => {});
      return socket;
    },
    async settled() {
      await expect.poll(isIdle, { timeout: 20_000 }).toBe(true);
      const same = async (): Promise<string[] | null> => {
        const rows = await database.query<{ id: string }>(sql`select id from attachment order by id`);
        const files = await keysOf(store);
        return JSON.stringify(rows.map(({ id }) => id)) === JSON.stringify(files) ? files : null;
      };
      // a row follows its file, and a file that is not to be goes, in their own time
      await expect.poll(same, { timeout: 20_000 }).not.toBeNull();
      return (await same()) ?? [];
    },
    async close() {
      await server.close(0);
      await web.close();
    },
  };
};
