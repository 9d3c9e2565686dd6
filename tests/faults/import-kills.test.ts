import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { strToU8, zipSync, type Zippable } from "fflate";
import sql from "sql-template-tag";
import { describe, expect, inject, test } from "vitest";
import { createId } from "../../src/foundation/ids.ts";
import { pngOf } from "../../src/testing/databases/sample-files.ts";
import { until } from "../../src/testing/spine.ts";
import { tokenFor } from "../../src/testing/servers/web.ts";
import { createFaultDatabase } from "./fault-database.ts";
import { NatterNode } from "./natter-node.ts";
import { askUntilAnswered } from "./request.ts";

const conversations = 150;
const at = "2026-01-01T00:00:00.000Z";
const line = (value: object): string => `${JSON.stringify(value)}\n`;

const imageOf = (number: number): Buffer => pngOf(4, 4, Buffer.from(`picture ${number} `.repeat(2_000)));

const linesOf = (number: number): string => {
  const [artifactId, path] = [createId(), `files/${number}/p.png`];
  const times = { createdAt: at, updatedAt: at };
  const part = { type: "file", mediaType: "image/png", filename: "p.png", url: path };
  const head = {
    type: "conversation",
    id: createId(),
    title: `Talk ${number}`,
    status: "active",
    visibility: "private",
  };
  const usual = { agent: "default", model: null, settings: {}, pinned: false, activeLeafId: null, ...times };
  const said = { type: "message", id: createId(), parentId: null, role: "user", author: null, parts: [part] };
  const unchanged = { metadata: null, createdAt: at, deletedAt: null, vote: null };
  const version = { type: "artifact-version", artifactId, version: 1, title: "t", content: "c", writtenBy: "person" };
  return [
    { ...head, ...usual },
    { type: "file", path, sha256: createHash("sha256").update(imageOf(number)).digest("hex") },
    { type: "artifact", id: artifactId, kind: "code", language: null, version: 1, ...times },
    { ...said, ...unchanged },
    { ...version, author: null, createdAt: at },
  ]
    .map(line)
    .join("");
};

const archive = (): Uint8Array => {
  const entries: Zippable = { "natter.json": strToU8(line({ type: "natter-export", version: 2, exportedAt: at })) };
  for (let number = 1; number <= conversations; number += 1) {
    entries[`conversations/${String(number).padStart(4, "0")}.jsonl`] = strToU8(linesOf(number));
    entries[`files/${number}/p.png`] = imageOf(number);
  }
  return zipSync(entries, { level: 0 });
};

interface Progress {
  readonly status: string;
  readonly imported: number;
  readonly failed: number;
  readonly skipped: number;
}

const postgresUrl = inject("postgresUrl");

describe.each([
  ["PGlite", null] as const,
  ...(postgresUrl === undefined ? [] : [["PostgreSQL", postgresUrl] as const]),
])("an import whose server is killed, on %s", (_name, url) => {
  test(
    "N10 goes on where it was: each conversation once, no row without its file, and no other file but what a kill left",
    { timeout: 240_000 },
    async () => {
      const database = await createFaultDatabase(url);
      const token = await tokenFor();
      const node = await NatterNode.create(database.environment);
      try {
        await node.start();
        const file = archive();
        const response = await fetch(`${node.url}/v1/import`, {
          method: "POST",
          headers: { authorization: `Bearer ${token}`, "content-type": "application/octet-stream" },
          body: new Uint8Array(file),
        });
        expect(response.status).toBe(202);
        const place = response.headers.get("location") ?? "";
        const look = async (): Promise<Progress> =>
          (await askUntilAnswered<Progress>(() => `${node.url}${place}`, { token })).body;
        let kills = 0;
        let seen = 0;
        while (kills < 3) {
          const next = await until(async () => {
            const progress = await look();
            return progress.imported > seen + 10 || progress.status === "completed" ? progress : null;
          }, 60);
          if (next.status === "completed") break;
          seen = next.imported;
          await node.end("SIGKILL");
          kills += 1;
          await node.start();
        }
        expect(kills).toBeGreaterThan(0);
        const done = await until(async () => {
          const progress = await look();
          return progress.status === "completed" || progress.status === "failed" ? progress : null;
        }, 120);
        expect(done).toMatchObject({ status: "completed", imported: conversations, failed: 0, skipped: 0 });
        await node.end("SIGTERM");
        const folder = join(database.environment["NATTER_DATA_DIR"] ?? "", "blobs");
        const kept = (await readdir(folder, { recursive: true, withFileTypes: true })).filter(
          (entry) => entry.isFile() && !entry.parentPath.endsWith("drafts"),
        );
        await database.look(async (rows) => {
          const [stored] = await rows.query<{ conversations: number; artifacts: number; titles: number }>(sql`
              select (select count(*) from conversation)::int as conversations, (select count(*) from artifact)::int as artifacts,
                (select count(distinct title) from conversation)::int as titles`);
          expect(stored).toEqual({ conversations, artifacts: conversations, titles: conversations });
          const files = await rows.query<{ id: string; places: number }>(sql`
              select a.id, (select count(*) from conversation_attachment p where p.attachment_id = a.id)::int as places from attachment a`);
          expect(files.map(({ places }) => places)).toEqual(Array.from({ length: conversations }, () => 1));
          const names = new Set(kept.map(({ name }) => name));
          expect(files.filter(({ id }) => !names.has(id))).toEqual([]);
        });
        expect(kept.length - conversations).toBeLessThanOrEqual(kills);
      } finally {
        await node.end("SIGKILL");
        await database.remove();
      }
    },
  );
});
