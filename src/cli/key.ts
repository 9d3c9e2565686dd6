import { parseArgs } from "node:util";
import { z } from "zod";
import { NatterError } from "../foundation/errors.ts";
import type { NewKey } from "../people/keys.ts";
import { scopeSchema } from "../protocol/people/principal.ts";
import type { RunCommand } from "./command.ts";
import { readConfig } from "./config-file.ts";
import { openKeyDesk, type KeyDesk } from "./key-desk.ts";
import type { ApiKey } from "../protocol/people/api-key.ts";

const options = {
  name: { type: "string" },
  expires: { type: "string" },
  scopes: { type: "string" },
  user: { type: "string" },
  workspace: { type: "string" },
} as const;

type Values = Partial<Record<keyof typeof options, string>>;

const misuse = (message: string): NatterError => new NatterError("invalid_request", message);

/** `90d`, or a date. */
const readExpiry = (text: string): Date => {
  const days = /^(\d{1,4})d$/.exec(text)?.[1];
  const time = days === undefined ? Date.parse(text) : Date.now() + Number(days) * 86_400_000;
  if (Number.isNaN(time)) throw misuse(`--expires takes a date, as 2030-01-31, or days, as 90d; not "${text}"`);
  return new Date(time);
};

/** `read,chat,act-as`. */
const readScopes = (text: string): NewKey["scopes"] => {
  const parsed = z
    .array(scopeSchema)
    .min(1)
    .safeParse(text.split(",").map((scope) => scope.trim()));
  if (parsed.success) return parsed.data;
  throw misuse(`--scopes takes some of ${scopeSchema.options.join(",")}; not "${text}"`);
};

const readNewKey = ({ name, expires, scopes }: Values): NewKey => {
  if (name === undefined || name.trim() === "") throw misuse("A key needs a name: --name <what it is for>");
  return {
    name,
    ...(expires === undefined ? {} : { expiresAt: readExpiry(expires) }),
    ...(scopes === undefined ? {} : { scopes: readScopes(scopes) }),
  };
};

const create = async (desk: KeyDesk, key: NewKey): Promise<void> => {
  const made = await desk.create(key);
  console.error(`Key ${made.id} of user ${made.userId} in workspace ${made.workspaceId}. It is shown this once:`);
  console.log(made.key);
};

const day = (time: string | null): string => time?.slice(0, 10) ?? "never";

const lineOf = ({ id, prefix, name, createdAt, expiresAt, lastUsedAt }: ApiKey): string =>
  `${id}  ${prefix}…  made ${day(createdAt)}  expires ${day(expiresAt)}  used ${day(lastUsedAt)}  ${JSON.stringify(name)}`;

const list = async (desk: KeyDesk): Promise<void> => {
  const keys = await desk.list();
  if (keys.length === 0) console.error('There are no keys; "natter key create --name <name>" makes one.');
  for (const key of keys) console.log(lineOf(key));
};

const revoke = async (desk: KeyDesk, id: string): Promise<void> => {
  await desk.revoke(id);
  console.error(`Key ${id} is revoked; a server that runs takes it for at most five seconds more.`);
};

/** What is to be done, once the words are known to make sense. */
const readAction = (values: Values, positionals: readonly string[]): ((desk: KeyDesk) => Promise<void>) => {
  const [action = "list", id, ...more] = positionals;
  if (action === "list" && id === undefined) return list;
  if (action === "revoke" && id === undefined) throw misuse('Which key? "natter key list" shows their ids');
  if (action === "revoke" && id !== undefined && more.length === 0) return (desk) => revoke(desk, id);
  if (action !== "create" || id !== undefined)
    throw misuse(`Keys can be created, listed and revoked; not "${positionals.join(" ")}"`);
  const made = readNewKey(values);
  return (desk) => create(desk, made);
};

/** Makes, lists and revokes API keys. */
export const key: RunCommand = async (args) => {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const act = readAction(values, positionals);
  const desk = await openKeyDesk(await readConfig(), values);
  try {
    await act(desk);
  } finally {
    await desk.close();
  }
  return 0;
};
