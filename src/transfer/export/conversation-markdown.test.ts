import { afterAll, beforeAll, expect, test } from "vitest";
import { createPgliteDatabase } from "../../drivers/pglite/pglite.ts";
import type { Database } from "../../ports/database.ts";
import { migrate } from "../../store/migrate.ts";
import { listExportedConversations } from "../../store/transfer/export-rows.ts";
import type { PlannedMessage, PlannedPart } from "../../testing/databases/arbitrary-conversation.ts";
import { pngOf } from "../../testing/databases/sample-files.ts";
import { createScriptedModel } from "../../testing/providers/scripted-model.ts";
import { seedConversation } from "../../testing/databases/seed-conversation.ts";
import { createSpine, type Spine } from "../../testing/spine.ts";
import { conversationMarkdown } from "./conversation-markdown.ts";

let database: Database;
let spine: Spine;

beforeAll(async () => {
  database = await createPgliteDatabase({ directory: null });
  await migrate(database);
  spine = await createSpine({ database, model: createScriptedModel(() => []) });
});
afterAll(async () => {
  await spine.close();
  await database.close();
});

const part = (value: Readonly<Record<string, unknown>>): PlannedPart => ({ type: "part", part: value });
const said = (text: string): PlannedPart => part({ type: "text", text });
const message = (
  role: PlannedMessage["role"],
  parent: number | null,
  parts: readonly PlannedPart[],
): PlannedMessage => ({ role, parent, rank: 0, parts, metadata: null, isRemoved: false, isOfOther: false, vote: null });

test("N10 a person reads the shown branch, then the others, with tools, places, files and artifacts", async () => {
  const { workspaceId, userId } = spine.principal;
  const { blobs } = spine.context;
  const place = { database, blobs, workspaceId, ownerId: userId, otherId: userId };
  const search = { type: "tool-search_web", toolCallId: "1", state: "output-available", input: { q: "Dom" } };
  const features = [
    { type: "Feature", properties: { name: "Dom" }, geometry: { type: "Point", coordinates: [7, 51] } },
  ];
  await seedConversation(place, {
    title: "Trip [draft]",
    status: "active",
    visibility: "private",
    pinned: false,
    settings: {},
    model: null,
    leaf: 3,
    files: [{ content: pngOf(3, 3), mediaType: "image/png", name: "dom (1).png" }],
    artifacts: [
      {
        kind: "document",
        language: null,
        versions: [{ title: "Plan", content: "Day one", writtenBy: "agent", isOfOther: false }],
      },
    ],
    messages: [
      message("user", null, [said("What is there?"), { type: "file", index: 0 }]),
      message("assistant", 0, [
        part({ type: "reasoning", text: "hm" }),
        part({ ...search, output: "```\nfound\n```" }),
        said("The cathedral."),
        part({ type: "data-natter-map", data: { type: "FeatureCollection", features } }),
      ]),
      message("user", 1, [said("And to eat?")]),
      message("assistant", 2, [said("Kölsch."), { type: "artifact", index: 0 }]),
      message("assistant", 2, [said("Himmel un Ääd.")]),
      message("user", 4, [said("Thanks")]),
    ],
  });
  const owner = { workspaceId, ownerId: userId };
  const [row] = await listExportedConversations(database, owner, { afterId: "", limit: 1 });
  const links = { fileLink: () => "../files/1/dom (1).png", artifactLink: () => "../artifacts/1/Plan.md" };
  let text = "";
  const source = { database, blobs, workspaceId, viewerId: userId };
  for await (const piece of conversationMarkdown(source, row!, links)) text += piece;
  expect(text.replaceAll("2026-01-02 03:04", "today")).toBe(`# Trip \\[draft\\]

today, default

## You (today)

What is there?

![dom (1).png](../files/1/dom%20%281%29.png)

## Assistant (today)

**Tool** \`search_web\`

\`\`\`json
{
  "q": "Dom"
}
\`\`\`

Result:

\`\`\`\`
\`\`\`
found
\`\`\`
\`\`\`\`

The cathedral.

_A map of Dom_

## You (today)

And to eat?

## Assistant (today)

_One of 2 versions; the others stand below_

Kölsch.

**[Plan, version 1](../artifacts/1/Plan.md)**

## Other versions

### Instead of “Kölsch.”

#### Assistant (today)

Himmel un Ääd.

#### You (today)

Thanks

## Artifacts

- [Plan](../artifacts/1/Plan.md), version 1
`);
});
