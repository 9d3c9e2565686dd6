import { RequestError, type Artifact, type Client } from "natter/client";
import { beforeAll, expect, test, vi } from "vitest";
import type { EditDraft } from "./edit-draft.ts";
import { EditSession } from "./edit-session.ts";

const artifact = (version: number, content: string): Artifact => ({
  id: "artifact-1",
  conversationId: "conversation-1",
  kind: "document",
  language: null,
  version,
  title: "Memo",
  writtenBy: "person",
  authorId: null,
  authorName: null,
  completionId: null,
  createdAt: "2026-01-01T00:00:00.000Z",
  content,
  isNewest: true,
});

const refused = (code: string, status: number): RequestError => new RequestError(code, "No.", { status });

beforeAll(() => {
  // this process has no device that keeps anything; what is kept is tested in a browser
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
});

const begin = (calls: Partial<Client["artifacts"]>, base = artifact(1, "a\nb\nc"), draft: EditDraft | null = null) => {
  const done = vi.fn<(saved?: Artifact) => void>();
  const saved = vi.fn<(saved: Artifact) => void>();
  const client = { artifacts: calls } as Client;
  const session = new EditSession({ client, base, draft, onSaved: saved, onDone: done });
  return { session, done, saved, leave: session.subscribe(() => undefined) };
};

test("C8 a save names the version that it follows, and keeps the ends of lines as they were", async () => {
  const change = vi.fn<Client["artifacts"]["change"]>(async () => artifact(2, "x\r\ny"));
  const { session, done } = begin({ change }, artifact(1, "a\r\nb"));
  session.change(() => "x\ny");
  session.save();
  await vi.waitFor(() => expect(done).toHaveBeenCalledOnce());
  expect(change).toHaveBeenCalledWith("artifact-1", { title: "Memo", content: "x\r\ny" }, { version: 1 });
});

test("C8 nothing is written where nothing changed", async () => {
  const { session, done } = begin({});
  session.save();
  await vi.waitFor(() => expect(done).toHaveBeenCalledWith(undefined));
});

test("C8 a refused save shows both, and the next one follows the version that was merged", async () => {
  const change = vi
    .fn<Client["artifacts"]["change"]>()
    .mockRejectedValueOnce(refused("precondition_failed", 412))
    .mockResolvedValueOnce(artifact(4, ""));
  const { session, done } = begin({ change, get: async () => artifact(3, "theirs\nb\nc") });
  session.change(() => "a\nb\nmine");
  session.save();
  await vi.waitFor(() => expect(session.getSnapshot()).toMatchObject({ theirs: "theirs\nb\nc", phase: "editing" }));
  expect(session.getSnapshot()).toMatchObject({ text: "theirs\nb\nmine", hasClash: false, base: { version: 3 } });
  session.save();
  await vi.waitFor(() => expect(done).toHaveBeenCalledOnce());
  expect(change.mock.calls.at(-1)).toEqual([
    "artifact-1",
    { title: "Memo", content: "theirs\nb\nmine" },
    { version: 3 },
  ]);
});

test("C8 of what is gone a new artifact is made; another failure is told, and the text stays", async () => {
  const change = vi
    .fn<Client["artifacts"]["change"]>()
    .mockRejectedValueOnce(refused("unavailable", 503))
    .mockRejectedValueOnce(refused("not_found", 404));
  const create = vi.fn<Client["artifacts"]["create"]>(async () => artifact(1, "mine"));
  const { session, done } = begin({ change, create });
  session.change(() => "mine");
  session.save();
  await vi.waitFor(() => expect(session.getSnapshot()).toMatchObject({ phase: "editing", error: "No." }));
  session.save();
  await vi.waitFor(() => expect(session.getSnapshot()).toMatchObject({ phase: "gone", error: null }));
  session.saveAsNew("conversation-1");
  await vi.waitFor(() => expect(done).toHaveBeenCalledOnce());
  expect(create).toHaveBeenCalledWith("conversation-1", { kind: "document", title: "Memo", content: "mine" });
});

/** A save that the test lets come to its end. */
const slowSave = () => {
  const answer = Promise.withResolvers<Artifact>();
  return { change: vi.fn<Client["artifacts"]["change"]>().mockReturnValueOnce(answer.promise), answer };
};

test("C8 what is typed while a save is on its way stays in the editor, and follows the version that was saved", async () => {
  const { change, answer } = slowSave();
  const { session, done, saved } = begin({ change });
  session.change(() => "first");
  session.save();
  session.change(() => "first, and more");
  answer.resolve(artifact(2, "first"));
  await vi.waitFor(() => expect(session.getSnapshot()).toMatchObject({ phase: "editing", saved: 2 }));
  expect(session.getSnapshot()).toMatchObject({ base: { version: 2 }, round: 0, isChanged: true });
  expect(saved).toHaveBeenCalledWith(artifact(2, "first"));
  expect(done).not.toHaveBeenCalled();
  change.mockResolvedValueOnce(artifact(3, "first, and more"));
  session.save();
  await vi.waitFor(() => expect(done).toHaveBeenCalledOnce());
  expect(change.mock.calls.at(-1)).toEqual([
    "artifact-1",
    { title: "Memo", content: "first, and more" },
    { version: 2 },
  ]);
});

test("C8 so does a title that is typed meanwhile, and what is typed while the newest version is fetched", async () => {
  const newest = Promise.withResolvers<Artifact>();
  const { change, answer } = slowSave();
  const { session } = begin({ change, get: () => newest.promise });
  session.change(() => "a\nb\nmine");
  session.save();
  session.setTitle("Our memo");
  answer.resolve(artifact(2, "a\nb\nmine"));
  await vi.waitFor(() => expect(session.getSnapshot()).toMatchObject({ saved: 2, title: "Our memo" }));
  session.merge();
  session.setTitle("Our own memo");
  session.change(() => "a\nb\nmine, and more");
  newest.resolve(artifact(3, "theirs\nb\nmine"));
  await vi.waitFor(() => expect(session.getSnapshot()).toMatchObject({ phase: "editing", base: { version: 3 } }));
  expect(session.getSnapshot()).toMatchObject({ text: "theirs\nb\nmine, and more", title: "Our own memo" });
});

test("C8 a save whose editor is gone by then leads nobody back to it", async () => {
  const { change, answer } = slowSave();
  const { session, done, saved, leave } = begin({ change });
  session.change(() => "mine");
  session.save();
  leave();
  answer.resolve(artifact(2, "mine"));
  await vi.waitFor(() => expect(session.getSnapshot()).toMatchObject({ phase: "editing" }));
  expect(saved).toHaveBeenCalledOnce();
  expect(done).not.toHaveBeenCalled();
});

test("C8 who goes on with what was merged sees both again, and nobody's words are written over unseen", () => {
  const theirs = artifact(2, "theirs");
  const draft = { base: 2, kind: "document", language: null, title: "Memo", text: "mine", changedAt: "" } as const;
  const merged = begin({}, theirs, { ...draft, isCompared: true, hasClash: true }).session.getSnapshot();
  expect(merged).toMatchObject({ theirs: "theirs", hasClash: true, text: "mine", isChanged: true });
  const alone = begin({}, theirs, { ...draft, isCompared: false, hasClash: false }).session.getSnapshot();
  expect(alone).toMatchObject({ theirs: null, hasClash: false, text: "mine" });
});
