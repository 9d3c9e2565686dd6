import { z } from "zod";
import { createAllowList } from "../foundation/egress/allow-list.ts";

const isFunction = (value: unknown): boolean => typeof value === "function";
const texts = z.record(z.string(), z.string());
const httpUrl = z.url({ protocol: /^https?$/, error: "must be a URL that begins with http:// or https://" });

/** No `__` and no `_` at the end: a tool is `<server>__<tool>`, and two servers' tools must never share a name. */
const serverName = z
  .string()
  .regex(
    /^(?=.{1,32}$)[A-Za-z0-9]+([_-][A-Za-z0-9]+)*$/,
    "must be 1 to 32 letters and digits, with single _ or - between",
  );

const common = {
  tools: z.array(z.string().min(1)).optional(),
  approval: z.enum(["destructive", "always", "never"]).optional(),
  trust: z.union([z.literal("all"), z.array(z.string().min(1))]).optional(),
  timeoutSeconds: z.number().min(1).max(3_600).optional(),
};

const oauth = z.strictObject({
  issuer: httpUrl,
  clientId: z.string().min(1),
  clientSecret: z.string().optional(),
  refreshToken: z.string().optional(),
  scope: z.string().optional(),
});

const serverSchema = z.union(
  [
    z.strictObject({
      command: z.string().min(1),
      args: z.array(z.string()).optional(),
      env: texts.optional(),
      cwd: z.string().optional(),
      ...common,
    }),
    z.strictObject({
      url: httpUrl,
      headers: z.union([texts, z.custom(isFunction)]).optional(),
      oauth: oauth
        .refine(({ clientSecret, refreshToken }) => clientSecret !== undefined || refreshToken !== undefined)
        .optional(),
      ...common,
    }),
  ],
  "must have a command (args, env, cwd), or a url (headers, oauth with a clientSecret or a refreshToken)",
);

const allowEntry = z.string().refine((entry) => {
  try {
    return createAllowList([entry]) !== null;
  } catch {
    return false;
  }
}, "must be a host, a host with a port, or a network such as 10.0.0.0/8");

/** Members of the configuration that say which servers there are besides, and what they may be asked and told. */
export const mcpMembers = {
  mcp: z.record(serverName, serverSchema).optional(),
  egress: z.strictObject({ allow: z.array(allowEntry).optional() }).optional(),
  webhooks: z.strictObject({ tellsPrivate: z.boolean().optional() }).optional(),
};
