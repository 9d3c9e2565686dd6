import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createClientDesk, type ClientDesk } from "../../testing/client-desk.ts";
import { hasFinished, liveText, textOf, untilView as until } from "../../testing/client-views.ts";

describe("the live store on a real server", () => {
  let desk: ClientDesk;

  beforeAll(async () => {
    desk = await createClientDesk();
  });
  afterEach(() => desk.closeStores());
  afterAll(() => desk.close());

  test("two sends wait, one is changed and one removed, and the other is answered in its turn", async () => {
    const store = desk.open();
    store.send("slow 60");
    await until(store, (view) => liveText(view).length > 5);
    const removed = store.send("not this");
    const kept = store.send("but that");
    const view = await until(store, ({ waiting }) => waiting.filter(({ state }) => state === "queued").length === 2);
    expect(view.waiting.map(({ id }) => id)).toEqual([removed, kept]);
    const other = desk.open(store.conversationId);
    await until(other, ({ waiting }) => waiting.length === 2);
    await other.removeWaiting(removed);
    await other.changeWaiting(kept, "but this one");
    const end = await until(store, (state) => hasFinished(state) && state.messages.length === 4);
    expect(end.messages.map(({ parts }) => textOf(parts)).join()).toContain("but this one");
    expect(end.messages.map(({ parts }) => textOf(parts)).join()).not.toContain("not this");
    expect(end.messages.map(({ id }) => id)).toContain(kept);
  });

  test("two stores that send at the same time see the same line of messages, the second behind the first", async () => {
    const first = await desk.settled();
    const second = desk.open(first.conversationId);
    await until(second, hasFinished);
    first.send("slow 100");
    second.send("slow 101");
    const both = [first, second];
    await Promise.all(both.map((store) => until(store, (view) => view.live !== null && view.waiting.length === 1)));
    expect(first.getSnapshot().live?.messageId).toBe(second.getSnapshot().live?.messageId);
    const [left, right] = await Promise.all(
      both.map((store) => until(store, (view) => hasFinished(view) && view.messages.length === 6, 15)),
    );
    expect(right!.messages.map(({ id, parts }) => [id, parts])).toEqual(
      left!.messages.map(({ id, parts }) => [id, parts]),
    );
  });

  test("send now stops the answer and goes next", async () => {
    const store = desk.open();
    store.send("hang");
    await until(store, (view) => liveText(view).length > 10);
    const waiting = store.send("hello");
    await until(store, (view) => view.waiting.some(({ id, state }) => id === waiting && state === "queued"));
    await store.sendWaitingNow(waiting);
    const end = await until(store, (view) => hasFinished(view) && view.messages.length === 4);
    expect(end.messages.map(({ state }) => state)).toEqual(["sent", "cancelled", "sent", "finished"]);
  });

  test("a waiting message that is changed and at once sent now is sent as it was changed", async () => {
    const requests: string[] = [];
    const recorded = desk.clientWith(async (input, init) => {
      const request = `${init?.method} ${(input as string).split("/").at(-1)}`;
      requests.push(`${request} begins`);
      const response = await fetch(input, init);
      requests.push(`${request} ends`);
      return response;
    });
    const store = desk.open(undefined, {}, recorded);
    store.send("hang");
    await until(store, (view) => liveText(view).length > 10);
    const waiting = store.send("hello");
    const { waiting: tray } = await until(store, (view) => view.waiting.some(({ state }) => state === "queued"));
    await Promise.all([store.changeWaiting(waiting, "hello again"), store.sendWaitingNow(waiting)]);
    const end = await until(store, (view) => hasFinished(view) && view.messages.length === 4);
    expect(textOf(end.messages[2]!.parts)).toBe("hello again");
    const changed = requests.indexOf(`PATCH ${tray[0]!.completionId} ends`);
    expect(changed).toBeGreaterThan(0);
    expect(requests.indexOf("POST send-now begins")).toBeGreaterThan(changed);
  });

  test("a waiting message that was taken back does not come back by what was read before", async () => {
    const reading = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    let isHeld = false;
    const slow = desk.clientWith(async (input, init) => {
      const response = await fetch(input, init);
      if (isHeld && (input as string).endsWith("/waiting-sends")) {
        reading.resolve();
        await held.promise;
      }
      return response;
    });
    const store = desk.open(
      undefined,
      {
        schedulePaint: (paint) => {
          queueMicrotask(paint);
          return () => {};
        },
      },
      slow,
    );
    store.send("hang");
    await until(store, (view) => liveText(view).length > 10);
    const waiting = store.send("hello");
    await until(store, (view) => view.waiting.some(({ state }) => state === "queued"));
    isHeld = true;
    const refreshed = store.refresh();
    await reading.promise;
    isHeld = false;
    const removed = store.removeWaiting(waiting);
    const trays: number[] = [];
    store.subscribe(() => trays.push(store.getSnapshot().waiting.length));
    await until(store, (view) => view.waiting.length === 0);
    held.resolve();
    await Promise.all([refreshed, removed]);
    expect(Math.max(0, ...trays)).toBe(0);
    await store.stop();
  });
});
