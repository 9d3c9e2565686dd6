import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import type { Route } from "../http/route.ts";
import type { Database } from "../ports/database.ts";
import { createScriptedModel } from "../testing/providers/scripted-model.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";
import { createRouteFinder } from "../testing/servers/find-route.ts";
import { createWeb, type Web } from "../testing/servers/web.ts";
import type {
  ConversationQuery,
  DeliveryQuery,
  ExportQuery,
  MembersQuery,
  PageQuery,
  SearchQuery,
  UsageQuery,
} from "./calls/queries.ts";
import { createClient, type Client } from "./client.ts";

/** What each call of the client is given: a call that is missing here is an error of types. */
type Samples<Room> = {
  readonly [Name in keyof Room]: Room[Name] extends (...given: infer Given) => unknown ? Given : Samples<Room[Name]>;
};

const id = "0190ffff-ffff-7fff-8fff-000000000000";
const cursor = "cursor";
const at = "2026-01-01T00:00:00.000Z";
const page = { cursor, limit: 5 } satisfies Required<PageQuery>;
const message = { text: "hello" };
const again = { idempotencyKey: "key" };
const watched = { lastEventId: "epoch.1" };

const samples: Samples<Client> = {
  chat: {
    send: [{ conversationId: id, message, parentId: null, agent: "default", settings: {}, onBusy: "queue" }, again],
    edit: [id, id, { message }, again],
    watch: [id, watched],
    stop: [id],
  },
  conversations: {
    list: [
      {
        ...page,
        q: "tea",
        status: "active",
        pinned: true,
        shared: false,
        unread: true,
        workspaceId: "w",
        count: true,
      } satisfies Required<ConversationQuery>,
    ],
    get: [id],
    create: [{ id, title: "Tea", visibility: "workspace", temporary: false, pinned: true }],
    change: [id, { title: null, status: "archived" }, { settingsVersion: 1 }],
    remove: [id],
    restore: [id],
    see: [id],
    generateTitle: [id],
    copy: [id, "other"],
    fork: [id, id],
  },
  messages: {
    getVote: [id, id],
    vote: [id, id, { value: "down", reason: "wrong" }],
    removeVote: [id, id],
    list: [id, { branch: "active", limit: 5 }],
    get: [id, id],
    append: [id, "a note"],
    remove: [id, id],
  },
  completions: {
    list: [id],
    get: [id],
    start: [id, { message }, again],
    cancel: [id],
    retry: [id, again],
    watch: [id, watched],
  },
  waitingSends: { list: [id], change: [id, { message }], remove: [id], sendNow: [id] },
  questions: {
    list: [id],
    alwaysAllowed: [id],
    decide: [id, { decision: "once" }],
    revoke: [id],
    answer: [id, { output: 1 }],
  },
  toolExecutions: { list: [id, page], get: [id], cancel: [id], retry: [id] },
  account: {
    options: [],
    signIn: ["ada@example.com", "a long password"],
    signUp: [{ name: "Ada", email: "ada@example.com", password: "a long password", invitation: "ni_x" }],
    signOut: [],
    get: [],
    change: [{ name: "Ada", email: "ada@example.com", currentPassword: "a long password" }],
    changePassword: ["a long password", "another long one"],
    signOutElsewhere: [],
    erase: ["a long password"],
    readInvitation: ["ni_x"],
    acceptInvitation: ["ni_x"],
  },
  admin: {
    users: [page],
    keys: [id],
    revokeKey: [id, id],
    eraseUser: [id, { successorId: id }],
    conversations: [page],
    completions: [page],
    timeline: [id],
    cancel: [id],
    retry: [id],
    chunks: [id],
    toolRuns: [page],
    usage: [{ group: "day" }],
    csv: ["users"],
    overview: [],
    queue: [],
    server: [],
    audit: [page],
  },
  attachments: { uploadFile: [new Blob(["a"]), { filename: "a.txt" }], hasFile: [id] },
  artifacts: {
    list: [id],
    create: [id, { kind: "document", title: "Tea", content: "# Tea" }],
    get: [id, 1],
    versions: [id],
    diff: [id, { from: 1, to: 2 }],
    change: [id, { title: "Tea" }, { version: 1 }],
    restore: [id, 1],
    remove: [id],
  },
  shares: {
    list: [id],
    create: [id, { messageId: id, expiresIn: 3_600 }],
    revoke: [id, id],
    read: ["token"],
    copy: ["token"],
  },
  search: ["tea", page satisfies Required<SearchQuery>],
  workspaces: {
    list: [],
    create: ["Tea"],
    change: [id, { name: "Tea", allowedModels: ["natter/demo"], retentionDays: null }],
    members: [id, page satisfies Required<MembersQuery>],
    changeMember: [id, id, { role: "admin", suspended: false }],
    removeMember: [id, id],
    invitations: [id],
    invite: [id, { role: "reader", note: "Ada", expiresInHours: 1 }],
    withdraw: [id, id],
  },
  keys: { list: [], create: [{ name: "CI", scopes: ["read"], expiresAt: at }], revoke: [id] },
  webhooks: {
    list: [],
    create: [{ url: "https://example.com", events: ["vote.created"], enabled: false }],
    read: [id],
    change: [id, { description: null }],
    rotate: [id, { graceSeconds: 0 }],
    remove: [id],
    test: [id],
    deliveries: [id, { ...page, status: "failed" } satisfies Required<DeliveryQuery>],
    delivery: [id, id],
    redeliver: [id, id],
  },
  budgets: { list: [], set: [{ scope: "workspace", period: "day", limitTokens: 1 }], remove: [id] },
  transfer: {
    export: [{ conversationId: id, format: "zip" } satisfies Required<ExportQuery>],
    import: [new Blob(["a"])],
    imports: [page],
    report: [id, page],
  },
  models: [{ all: true }],
  agents: [],
  me: [],
  usage: [{ ...page, from: at, to: at, scope: "own" } satisfies Required<UsageQuery>],
};

interface Sample {
  readonly name: string;
  readonly call: (client: object) => unknown;
}

const memberOf = (room: object, name: string): unknown => Reflect.get(room, name);

const samplesIn = (room: object, path: readonly string[] = []): Sample[] =>
  Object.entries(room).flatMap(([name, given]) =>
    Array.isArray(given)
      ? {
          name: [...path, name].join("."),
          call: (client: object) => {
            const owner = path.reduce<object>((at_, step) => memberOf(at_, step) as object, client);
            return (memberOf(owner, name) as (...all: unknown[]) => unknown)(...given);
          },
        }
      : samplesIn(given as object, [...path, name]),
  );

let database: Database;
let web: Web;

beforeAll(async () => {
  database = await testDatabases[0]!.open();
  web = await createWeb({
    database,
    model: createScriptedModel(() => []),
    accounts: { signUp: "open", setup: "setup" },
  });
});
afterAll(async () => {
  await web.close();
  await database.close();
});

/** What the client asks for, which is answered with nothing in particular. */
const requestOf = async ({ call }: Sample): Promise<Request> => {
  const asked: Request[] = [];
  const fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    asked.push(new Request(input, { ...init, signal: null }));
    return Response.json({});
  };
  await call(createClient({ baseUrl: "http://natter.test", fetch }));
  expect(asked).toHaveLength(1);
  return asked[0]!;
};

/** In what a request is not as the route is described. */
const differencesOf = async (request: Request, route: Route | undefined): Promise<string[]> => {
  if (route === undefined) return [`${request.method} ${request.url} is no route`];
  const query = (route.query ?? z.strictObject({})).safeParse(Object.fromEntries(new URL(request.url).searchParams));
  const isJson = request.headers.get("content-type") === "application/json";
  const body = isJson ? (route.body ?? z.never()).safeParse(await request.json()) : undefined;
  const lacksBody = !isJson && route.body !== undefined && route.isBodyOptional !== true;
  return [
    ...(query.success ? [] : [`query: ${query.error.message}`]),
    ...(body?.success === false ? [`body: ${body.error.message}`] : []),
    ...(lacksBody ? ["it needs a body"] : []),
  ];
};

test.each(samplesIn(samples))("$name asks for what the server describes, to each parameter and member", async (one) => {
  const request = await requestOf(one);
  const method = request.method === "HEAD" ? "GET" : request.method;
  const route = createRouteFinder(web.http.routes)({ method, url: request.url });
  expect(await differencesOf(request, route)).toEqual([]);
});
