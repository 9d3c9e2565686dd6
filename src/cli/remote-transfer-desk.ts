import { z } from "zod";
import { NatterError } from "../foundation/errors.ts";
import { importSchema } from "../protocol/transfer.ts";
import type { KeyHolderOptions } from "./key-desk.ts";
import { readServerToken } from "./server-token.ts";
import type { TransferDesk } from "./transfer-desk.ts";

const problemSchema = z.object({ detail: z.string() });

const notOurs =
  "A server has this database open, and it asks people for tokens of their own: use GET /v1/export or POST /v1/import with such a token, or stop the server and try again";

const refused = async (response: Response): Promise<NatterError> => {
  if (response.status === 401) return new NatterError("unauthenticated", notOurs);
  const problem = problemSchema.safeParse(await response.json());
  return new NatterError(
    "unprocessable",
    problem.success ? problem.data.detail : `The server answered ${response.status}`,
  );
};

const streamOf = (content: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> => {
  const each = content[Symbol.asyncIterator]();
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await each.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await each.return?.();
      },
    },
    { highWaterMark: 0 },
  );
};

/** Conversations by way of the server that has the database open, with the token in its data folder. */
export const createRemoteTransferDesk = async (
  url: string,
  dataDirectory: string,
  { user, workspace }: KeyHolderOptions,
): Promise<TransferDesk> => {
  if (user !== undefined)
    throw new NatterError("invalid_request", "--user needs the database, which a server has open; stop it first");
  const headers = {
    authorization: `Bearer ${await readServerToken(dataDirectory, notOurs)}`,
    ...(workspace === undefined ? {} : { "natter-workspace": workspace }),
  };
  const ask = async (path: string, options: RequestInit = {}): Promise<Response> => {
    const response = await fetch(`${url}${path}`, {
      ...options,
      headers: { ...headers, "content-type": "application/octet-stream" },
      redirect: "error",
    }).catch((cause: unknown) => {
      throw new NatterError("unavailable", `The server at ${url} does not answer; try again`, { cause });
    });
    if (!response.ok) throw await refused(response);
    return response;
  };
  return {
    async *export(format) {
      const { body } = await ask(`/v1/export?format=${format}`);
      if (body !== null) yield* body;
    },
    async import(content) {
      const sending = { method: "POST", body: streamOf(content), duplex: "half" } as const;
      const response = await ask("/v1/import", sending);
      return importSchema.parse(await response.json()).id;
    },
    close: async () => {},
  };
};
