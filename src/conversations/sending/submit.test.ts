import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createId } from "../../foundation/ids.ts";
import { NatterError } from "../../foundation/errors.ts";
import type { Database } from "../../ports/database.ts";
import { countingDatabase } from "../../testing/databases/counting-database.ts";
import { createHandWorker, type HandWorker } from "../../testing/hand-worker.ts";
import { permitAll, text } from "../../testing/spine.ts";
import { countStored } from "../../testing/databases/stored.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import type { Accepted } from "./accept.ts";
import { fork } from "../fork.ts";
import { getMessage, removeMessage } from "../messages.ts";
import { regenerateNamed, type RegenerateNamedInput } from "./regenerate-named.ts";
import { send } from "./send.ts";
import { submit, type SubmitInput } from "./submit.ts";

describe.each(testDatabases)("messages of a client that names them itself, on $name", ({ open }) => {
  let database: Database;
  let worker: HandWorker;
  let conversationId: string;
  let question: string;

  beforeAll(async () => {
    database = await open();
    worker = await createHandWorker({ database });
  });
  beforeEach(() => {
    conversationId = createId();
    question = createId();
  });
  afterAll(async () => {
    await worker.spine.close();
    await database.close();
  });

  type Said = Partial<SubmitInput> & { readonly id?: string };
  const say = (words: string, { id = question, ...more }: Said = {}): Promise<Accepted> => {
    const { context, principal } = worker.spine;
    const input = { conversationId, message: { id, parts: text(words) }, isEdit: false, ...more };
    return submit(context, principal, input, permitAll);
  };
  const regenerate = (words: string, more: Partial<RegenerateNamedInput> = {}): Promise<Accepted> => {
    const { context, principal } = worker.spine;
    const input = { conversationId, message: { id: question, parts: text(words) }, ...more };
    return regenerateNamed(context, principal, input, permitAll);
  };
  const answered = async (asking: Promise<Accepted>, words = "answer"): Promise<Accepted> => {
    const accepted = await asking;
    await worker.answer(accepted, words);
    return accepted;
  };
  const after = ({ messageId }: Accepted) => ({ before: { id: messageId, isAnswer: true } });
  const below = (id: string) => ({ before: { id, isAnswer: false } });
  const path = ({ messageId }: Accepted): Promise<string[]> => worker.path(conversationId, messageId);
  const refusal = async (asking: () => Promise<unknown>): Promise<NatterError> => {
    const stored = await countStored(database);
    const thrown: unknown = await asking().then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(await countStored(database)).toEqual(stored);
    expect(thrown).toBeInstanceOf(NatterError);
    return thrown as NatterError;
  };

  it("A1 an unknown id is sent under what stands above it", async () => {
    const first = await answered(say("one"), "1");
    const second = await answered(say("two", { id: createId(), ...after(first) }), "2");
    expect(first.userMessageId).toBe(question);
    expect(await path(second)).toEqual(["one", "1", "two", "2"]);
  });

  it("A1 a client that tells nothing of the history sends to the active leaf", async () => {
    await answered(say("one"), "1");
    const second = await answered(say("two", { id: createId() }), "2");
    expect(await path(second)).toEqual(["one", "1", "two", "2"]);
  });

  it("costs no statement more than a native send", async () => {
    const counting = countingDatabase(database);
    const context = { ...worker.spine.context, database: counting };
    const { principal } = worker.spine;
    const first = await answered(say("one"), "1");
    const message = { parts: text("two") };
    counting.mark("native");
    await answered(send(context, principal, { conversationId, message, parentId: first.messageId }, permitAll), "2");
    counting.mark("submit");
    const input = { conversationId, message: { ...message, id: createId() }, isEdit: false, ...after(first) };
    await answered(submit(context, principal, input, permitAll), "3");
    const { statements, commits } = counting.count({ from: "native", to: "submit" });
    expect(statements).toBeGreaterThan(0);
    expect(counting.count({ from: "submit" })).toMatchObject({ statements, commits });
  });

  it("what stands above has to be stored, in a known conversation and in a new one", async () => {
    const nowhere = { id: createId(), isAnswer: true };
    const tellers = [nowhere, { ...nowhere, isAnswer: false }];
    for (const before of tellers) expect((await refusal(() => say("one", { before }))).status).toBe(409);
    await answered(say("one"));
    for (const before of tellers)
      expect((await refusal(() => say("two", { id: createId(), before }))).code).toBe("conflict");
  });

  it("F12 the same message again is the same completion, however often and at once", async () => {
    const all = await Promise.all(Array.from({ length: 10 }, () => say("one")));
    expect(new Set(all.map(({ completionId }) => completionId)).size).toBe(1);
    expect(all.filter(({ replayed }) => !replayed)).toHaveLength(1);
    await worker.answer(all[0]!, "1");
    const later = await say("one");
    expect(later).toMatchObject({ completionId: all[0]!.completionId, replayed: true, userMessageId: question });
    expect(await say("one", { isEdit: true })).toMatchObject({ completionId: later.completionId, replayed: true });
  });

  it("a known id with other words is refused when it is no edit", async () => {
    await answered(say("one"));
    expect(await refusal(() => say("two"))).toMatchObject({ code: "id_taken", status: 409 });
  });

  it("an id of an answer, or of a removed message, is taken", async () => {
    const first = await answered(say("one"));
    for (const isEdit of [false, true])
      expect((await refusal(() => say("two", { id: first.messageId, isEdit }))).code).toBe("id_taken");
    await removeMessage(
      worker.spine.context,
      worker.spine.principal,
      { conversationId, messageId: question },
      permitAll,
    );
    for (const isEdit of [false, true]) expect((await refusal(() => say("one", { isEdit }))).code).toBe("id_taken");
  });

  it("N4 an edit is a sibling under an id of the server's, and the client goes on with its own", async () => {
    const first = await answered(say("one"), "1");
    const edited = await answered(say("other", { isEdit: true }), "2");
    expect(edited.userMessageId).not.toBe(question);
    expect(await path(edited)).toEqual(["other", "2"]);
    expect(await path(first)).toEqual(["one", "1"]);
    const next = await answered(say("more", { id: createId(), ...after(edited) }), "3");
    expect(await path(next)).toEqual(["other", "2", "more", "3"]);
    const direct = await answered(say("below", { id: createId(), ...below(question) }), "4");
    expect(await path(direct)).toEqual(["other", "below", "4"]);
  });

  it("N4 an edit deeper in the tree stays under the same answer, and so does the edit of an edit", async () => {
    const first = await answered(say("one"), "1");
    const id = createId();
    await answered(say("two", { id, ...after(first) }), "2");
    const edited = await answered(say("second", { id, isEdit: true, ...after(first) }), "3");
    const again = await answered(say("zwei", { id, isEdit: true, ...after(first) }), "4");
    expect(await path(edited)).toEqual(["one", "1", "second", "3"]);
    expect(await path(again)).toEqual(["one", "1", "zwei", "4"]);
    const direct = await answered(say("below", { id: createId(), ...below(id) }), "5");
    expect(await path(direct)).toEqual(["one", "1", "zwei", "below", "5"]);
  });

  it("an edit sent again is the same edit, and going back to the first words is another", async () => {
    await answered(say("one"));
    const edits = await Promise.all(Array.from({ length: 5 }, () => say("other", { isEdit: true })));
    expect(new Set(edits.map(({ completionId }) => completionId)).size).toBe(1);
    await worker.answer(edits[0]!, "2");
    const back = await answered(say("one", { isEdit: true }), "3");
    expect(back.replayed).toBe(false);
    expect(await path(back)).toEqual(["one", "3"]);
    expect((await say("other")).completionId).toBe(edits[0]!.completionId);
  });

  it("edits at the same time are all taken, and the client goes on below the newest", async () => {
    await answered(say("one"));
    const words = Array.from({ length: 8 }, (_none, index) => `other ${index}`);
    const edits = await Promise.all(words.map((other) => say(other, { isEdit: true })));
    const newest = edits.toSorted((left, right) => right.sequence - left.sequence)[0]!;
    const [shown] = await path(newest);
    expect(words).toContain(shown);
    const next = await say("next", { id: createId(), ...below(question) });
    expect((await path(next))[0]).toBe(shown);
  });

  it("N4 an edit of a message that still waits changes it in its place", async () => {
    const first = await say("one");
    const claim = await worker.claim(first);
    const id = createId();
    const waiting = await say("two", { id, ...after(first) });
    const changed = await say("deux", { id, isEdit: true, ...after(first) });
    expect(changed).toMatchObject({ completionId: waiting.completionId, userMessageId: id, replayed: true });
    await worker.end(claim, "1");
    await worker.answer(waiting, "2");
    expect(await path(waiting)).toEqual(["one", "1", "deux", "2"]);
  });

  it("an edit of a message that never came to be stored sends it", async () => {
    expect(await say("other", { isEdit: true })).toMatchObject({ userMessageId: question, replayed: false });
  });

  it("N4 regenerate answers the last message again, every time", async () => {
    const first = await answered(say("one"), "1");
    const second = await answered(regenerate("one"), "2");
    const third = await answered(regenerate("one", { answerId: second.messageId }), "3");
    expect(new Set([first, second, third].map(({ messageId }) => messageId)).size).toBe(3);
    expect(await path(third)).toEqual(["one", "3"]);
    expect((await say("one")).completionId).toBe(first.completionId);
  });

  it("N4 regenerate after an edit answers the words that the client shows", async () => {
    const first = await answered(say("one"), "1");
    const edited = await answered(say("other", { isEdit: true }), "2");
    expect(await path(await answered(regenerate("other"), "3"))).toEqual(["other", "3"]);
    expect(await path(await answered(regenerate("one"), "4"))).toEqual(["one", "4"]);
    expect(await path(await answered(regenerate("?", { answerId: first.messageId }), "5"))).toEqual(["one", "5"]);
    expect(await path(await answered(regenerate("?", { answerId: edited.messageId }), "6"))).toEqual(["other", "6"]);
    expect(await path(await answered(regenerate("?"), "7"))).toEqual(["other", "7"]);
  });

  it("regenerate of a message that never came to be stored sends it", async () => {
    expect(await regenerate("one")).toMatchObject({ userMessageId: question, replayed: false });
    expect(
      await getMessage(database, worker.spine.principal, { conversationId, messageId: question }, permitAll),
    ).toMatchObject({ parts: text("one") });
  });

  it("a message of a copied conversation is answered when it is sent again", async () => {
    await answered(say("one"));
    const copy = await fork(
      worker.spine.context,
      worker.spine.principal,
      { conversationId, messageId: question },
      permitAll,
    );
    conversationId = copy.id;
    const first = await answered(say("one"), "there");
    expect(first.replayed).toBe(false);
    expect(await path(first)).toEqual(["one", "there"]);
    expect(await say("one")).toMatchObject({ completionId: first.completionId, replayed: true });
  });
});
