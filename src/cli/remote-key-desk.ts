import { z } from "zod";
import { NatterError } from "../foundation/errors.ts";
import { scopeSchema } from "../protocol/people/principal.ts";
import type { KeyDesk, KeyHolderOptions } from "./key-desk.ts";
import { readServerToken } from "./server-token.ts";

const keySchema = z.object({
  id: z.string(),
  workspaceId: z.string(),
  userId: z.string(),
  name: z.string(),
  prefix: z.string(),
  scopes: z.array(scopeSchema),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
  lastUsedAt: z.string().nullable(),
});
const newKeySchema = keySchema.extend({ key: z.string() });
const listSchema = z.object({ data: z.array(keySchema) });
const problemSchema = z.object({ detail: z.string() });

const timeoutMs = 10_000;

const notOurs =
  "A server has this database open, and it asks people for tokens of their own: make the key with POST /v1/api-keys and such a token, or stop the server and try again";

const readAnswer = async (response: Response): Promise<unknown> => {
  if (response.status === 204) return null;
  const body: unknown = await response.json();
  if (response.ok) return body;
  if (response.status === 401) throw new NatterError("unauthenticated", notOurs);
  if (response.status === 404) throw new NatterError("not_found", "There is no such key, or no such workspace.");
  const problem = problemSchema.safeParse(body);
  throw new NatterError(
    "unprocessable",
    problem.success ? problem.data.detail : `The server answered ${response.status}`,
  );
};

/** Keys by way of the server that has the database open, with the token in its data folder. */
export const createRemoteKeyDesk = async (
  url: string,
  dataDirectory: string,
  { user, workspace }: KeyHolderOptions,
): Promise<KeyDesk> => {
  if (user !== undefined)
    throw new NatterError("invalid_request", "--user needs the database, which a server has open; stop it first");
  const headers = {
    authorization: `Bearer ${await readServerToken(dataDirectory, notOurs)}`,
    "content-type": "application/json",
    ...(workspace === undefined ? {} : { "natter-workspace": workspace }),
  };
  const ask = async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${url}/v1/api-keys${path}`, {
      method,
      headers,
      redirect: "error",
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      throw new NatterError("unavailable", `The server at ${url} does not answer; try again`, { cause });
    });
    return readAnswer(response);
  };
  return {
    create: async (key) => newKeySchema.parse(await ask("POST", "", key)),
    list: async () => listSchema.parse(await ask("GET", "")).data,
    revoke: async (id) => void (await ask("DELETE", `/${encodeURIComponent(id)}`)),
    close: async () => {},
  };
};
