import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { z } from "zod";
import { NatterError } from "../foundation/errors.ts";
import { roleSchema } from "../protocol/people/principal.ts";
import type { RunCommand } from "./command.ts";
import { readConfig } from "./config-file.ts";
import { openUserDesk, type UserDesk } from "./user-desk.ts";

const options = {
  name: { type: "string" },
  email: { type: "string" },
  "password-stdin": { type: "boolean" },
  workspace: { type: "string" },
  role: { type: "string" },
  successor: { type: "string" },
  yes: { type: "boolean" },
} as const;

interface Values {
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly "password-stdin"?: boolean | undefined;
  readonly workspace?: string | undefined;
  readonly role?: string | undefined;
  readonly successor?: string | undefined;
  readonly yes?: boolean | undefined;
}

type Act = (desk: UserDesk) => Promise<void>;

const misuse = (message: string): NatterError => new NatterError("invalid_request", message);

const readPassword = async (isGiven: boolean | undefined): Promise<string | undefined> =>
  isGiven === true ? (await text(process.stdin)).replace(/\r?\n$/, "") : undefined;

const create = ({ name, email, ...values }: Values): Act => {
  const address = z.email().safeParse(email);
  if (!address.success) throw misuse("An account needs an address: --email <address>");
  return async (desk) => {
    const given = await readPassword(values["password-stdin"]);
    const password = await desk.create(name ?? address.data, address.data.toLowerCase(), given);
    console.error(`${address.data} has an account.${given === undefined ? " Its password is shown this once:" : ""}`);
    if (given === undefined) console.log(password);
  };
};

const list: Act = async (desk) => {
  for (const { id, issuer, name, email, suspended_at } of await desk.list())
    console.log(
      [id, issuer, email ?? "-", JSON.stringify(name ?? ""), suspended_at === null ? "" : "suspended"].join("  "),
    );
};

const suspend =
  (named: string, isSuspended: boolean): Act =>
  async (desk) => {
    const { id } = await desk.suspend(named, isSuspended);
    console.error(`User ${id} is ${isSuspended ? "suspended, on running servers within five seconds" : "back"}.`);
  };

const erase = (named: string, { successor, yes }: Values): Act => {
  if (yes !== true)
    throw misuse(`This deletes ${named} with everything they own and said, for good; add --yes when you mean it`);
  return async (desk) => {
    const { userId, workspaceIds } = await desk.erase(named, successor);
    const places = `${workspaceIds.length} workspace${workspaceIds.length === 1 ? "" : "s"}`;
    console.error(`User ${userId} is nobody any more. A server deletes what they left in ${places};`);
    console.error(`the audit log says "user.erased" of each when it is done.`);
  };
};

const invite = ({ workspace, role = "member" }: Values): Act => {
  if (workspace === undefined) throw misuse("Where to? --workspace <id>");
  const parsed = roleSchema.exclude(["owner"]).safeParse(role);
  if (!parsed.success) throw misuse("--role takes admin, member or reader");
  return async (desk) => {
    const { token, expiresAt } = await desk.invite(workspace, parsed.data);
    console.error(`Good for one person until ${expiresAt}; the address of your server goes before it:`);
    console.log(`/join#${token}`);
  };
};

/** What is to be done, once the words are known to make sense. */
const readAction = (values: Values, positionals: readonly string[]): Act => {
  const [action = "list", named, ...more] = positionals;
  if (more.length > 0) throw misuse(`Too many words: "${more.join(" ")}"`);
  if (action === "suspend" || action === "unsuspend") {
    if (named === undefined) throw misuse(`Whom? "natter user ${action} <id or address>"`);
    return suspend(named, action === "suspend");
  }
  if (action === "erase") {
    if (named === undefined) throw misuse(`Whom? "natter user erase <id or address> --yes"`);
    return erase(named, values);
  }
  if (named === undefined && action === "list") return list;
  if (named === undefined && action === "create") return create(values);
  if (named === undefined && action === "invite") return invite(values);
  throw misuse(`Users can be created, listed, suspended, erased and invited; not "${positionals.join(" ")}"`);
};

/** Makes accounts and invitations, suspends users and erases them. */
export const user: RunCommand = async (args) => {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const act = readAction(values, positionals);
  const desk = await openUserDesk(await readConfig());
  try {
    await act(desk);
  } finally {
    await desk.close();
  }
  return 0;
};
