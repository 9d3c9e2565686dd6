import { expect, test } from "vitest";
import { createId } from "../../foundation/ids.ts";
import { artifactLimits } from "../../protocol/artifact.ts";
import {
  artifactLine,
  conversationLine,
  endLine,
  messageLine,
  versionLine,
} from "../../testing/databases/brought-lines.ts";
import { collectLines } from "./collected-lines.ts";
import { createLines, readConversation, skipRest } from "./export-lines-reader.ts";

const conversation = conversationLine(createId(), "Long");
const message = (metadata: Readonly<Record<string, unknown>> | null = null) => messageLine<never>([], metadata);
const file = (path: string, sha256 = "0".repeat(64)) => ({ type: "file" as const, path, sha256 });
const megabyte = "x".repeat(1_000_000);

async function* linesOf(begin: readonly object[], count: number, line: (index: number) => object) {
  yield* begin;
  for (let index = 0; index < count; index += 1) yield line(index);
  yield conversationLine(createId(), "Next");
  yield endLine(2);
}

test.each([
  ["metadata of messages", 140, () => message({ note: megabyte }), "larger than 128 MB"],
  ["files that it names", 140, (index: number) => file(`files/${index}`, megabyte), "larger than 128 MB"],
  ["many names of files", 50_001, (index: number) => file(`files/${index}`), "at most 50,000 files"],
  [
    "artifacts",
    artifactLimits.perConversation + 1,
    () => artifactLine(createId()),
    `at most ${artifactLimits.perConversation} artifacts`,
  ],
] as const)(
  "S36 %s count: a conversation that is too large is refused, and the next one is read",
  async (_what, count, line, why) => {
    const lines = createLines(linesOf([conversation], count, line));
    expect(await readConversation(lines)).toEqual({ title: "Long", failure: expect.stringContaining(why) });
    await skipRest(lines);
    expect(await readConversation(lines)).toMatchObject({ brought: { conversation: { title: "Next" }, messages: [] } });
  },
);

test("S36 of a conversation that cannot be taken nothing is kept, whatever else it brings", () => {
  const collected = collectLines();
  for (const line of [file("files/1"), artifactLine(createId()), message()]) collected.add(line);
  expect([collected.files.size, collected.artifacts.length, collected.messages.length]).toEqual([1, 1, 1]);
  collected.fail("A line of it cannot be read");
  for (const line of [file("files/2"), artifactLine(createId()), message()]) collected.add(line);
  expect([collected.files.size, collected.artifacts.length, collected.messages.length]).toEqual([0, 0, 0]);
  collected.fail("something else");
  expect(collected.failure).toBe("A line of it cannot be read");
});

test("versions of artifacts are read once: whoever reads them again is told to begin anew", async () => {
  const id = createId();
  const lines = createLines(linesOf([conversation, artifactLine(id), versionLine(id)], 0, () => ({})));
  const one = await readConversation(lines);
  const versions = one !== null && "brought" in one ? one.brought.versions! : [];
  const read = async () => {
    const all = [];
    for await (const each of versions) all.push(each);
    return all;
  };
  expect(await read()).toMatchObject([{ artifactId: id, version: 1 }]);
  await expect(read()).rejects.toMatchObject({ code: "unavailable" });
});
