import { QueryClient } from "@tanstack/react-query";
import type { Conversation } from "natter/client";
import { beforeEach, expect, test } from "vitest";
import {
  clearUnread,
  dropConversation,
  flattenPages,
  listKey,
  putConversation,
  type ConversationPages,
  type ListName,
} from "./conversation-pages.ts";

let queries: QueryClient;

const make = (id: string, minute: number, more: Partial<Conversation> = {}): Conversation =>
  ({
    id,
    status: "active",
    pinned: false,
    temporary: false,
    deletedAt: null,
    version: 1,
    updatedAt: `2026-01-01T00:${String(minute).padStart(2, "0")}:00.000Z`,
    ...more,
  }) as Conversation;

const load = (name: ListName, ...pages: Conversation[][]): void =>
  void queries.setQueryData<ConversationPages>(listKey(name), {
    pages: pages.map((data) => ({ data, nextCursor: null })),
    pageParams: pages.map(() => undefined),
  });

const shown = (name: ListName): string[] => flattenPages(queries.getQueryData(listKey(name)), name).map(({ id }) => id);

beforeEach(() => {
  queries = new QueryClient();
  load("open", [make("c", 3), make("b", 2)], [make("a", 1)]);
  load("pinned", [make("p", 1, { pinned: true })]);
  load("archive", []);
  load("shared", []);
  load("unread", []);
});

test("what was updated comes to the top, once", () => {
  putConversation(queries, make("a", 9, { version: 2 }));
  expect(shown("open")).toEqual(["a", "c", "b"]);
});

test("a new one is added, a temporary or deleted one is not", () => {
  putConversation(queries, make("d", 4));
  putConversation(queries, make("t", 5, { temporary: true }));
  putConversation(queries, make("b", 6, { version: 2, deletedAt: "2026-01-01T01:00:00.000Z" }));
  expect(shown("open")).toEqual(["d", "c", "a"]);
});

test("pinning and archiving move it to the other list", () => {
  putConversation(queries, make("b", 2, { version: 2, pinned: true }));
  expect([shown("pinned"), shown("open")]).toEqual([
    ["b", "p"],
    ["c", "a"],
  ]);
  putConversation(queries, make("b", 2, { version: 3, pinned: true, status: "archived" }));
  expect([shown("pinned"), shown("archive")]).toEqual([["p"], ["b"]]);
});

test("what is older than what stands there changes nothing", () => {
  putConversation(queries, make("b", 9, { version: 5 }));
  putConversation(queries, make("b", 2, { version: 4 }));
  expect(shown("open")).toEqual(["b", "c", "a"]);
});

test("a page that overlaps one before it shows nothing twice", () => {
  load("open", [make("c", 3, { version: 2 }), make("b", 2)], [make("c", 1), make("a", 1)]);
  expect(shown("open")).toEqual(["c", "b", "a"]);
});

test("a dropped one is in no list; lists that are not loaded stay so", () => {
  dropConversation(queries, "p");
  expect(shown("pinned")).toEqual([]);
  const empty = new QueryClient();
  putConversation(empty, make("a", 1));
  expect(empty.getQueryData(listKey("open"))).toBeUndefined();
});

test("what somebody else shares stands in a list of its own, once it is known who oneself is", () => {
  queries.setQueryData(["me"], { userId: "me" });
  putConversation(queries, make("theirs", 9, { ownerId: "somebody", visibility: "workspace" }));
  const shownTo = (name: ListName, userId: string): string[] =>
    flattenPages(queries.getQueryData(listKey(name)), name, userId).map(({ id }) => id);
  expect([shownTo("shared", "me"), shownTo("open", "me")]).toEqual([["theirs"], []]);
});

test("what was looked at on another device is not unread here any more", () => {
  load("open", [make("c", 3, { unread: true }), make("b", 2, { unread: true })]);
  clearUnread(queries, "c");
  const pages = queries.getQueryData<ConversationPages>(listKey("open"));
  expect(flattenPages(pages, "open").map(({ id, unread }) => [id, unread])).toEqual([
    ["c", false],
    ["b", true],
  ]);
});

test("what changes stands among the unread as well, unless it is archived or somebody else's", () => {
  queries.setQueryData(["me"], { userId: "me" });
  putConversation(queries, make("b", 9, { version: 2, ownerId: "me" }));
  putConversation(queries, make("p", 8, { version: 2, ownerId: "me", pinned: true }));
  putConversation(queries, make("old", 7, { ownerId: "me", status: "archived" }));
  putConversation(queries, make("theirs", 6, { ownerId: "somebody", visibility: "workspace" }));
  expect(shown("unread")).toEqual(["b", "p"]);
  putConversation(queries, make("b", 9, { version: 3, ownerId: "me", status: "archived" }));
  expect(shown("unread")).toEqual(["p"]);
});

test("a new name says nothing of whether it is read; something new that was said does", () => {
  load("open", [make("c", 3, { unread: true }), make("b", 2, { unread: false })]);
  const unread = (): unknown =>
    flattenPages(queries.getQueryData(listKey("open")), "open").map((one) => [one.id, one.unread]);
  putConversation(queries, make("c", 3, { version: 2, title: "Tea" }));
  putConversation(queries, make("b", 4, { version: 2 }));
  expect(unread()).toEqual([
    ["b", undefined],
    ["c", true],
  ]);
});
