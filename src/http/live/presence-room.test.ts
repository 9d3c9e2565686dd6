import { describe, expect, it } from "vitest";
import type { PresentUser } from "../../protocol/live.ts";
import { PresenceRoom, type Seated } from "./presence-room.ts";

const seatOf = (userId: string): { seat: Seated; told: (readonly PresentUser[])[] } => {
  const told: (readonly PresentUser[])[] = [];
  return { told, seat: { userId, name: null, writingUntil: 0, tell: (users) => void told.push(users) } };
};
const user = (userId: string, isWriting = false): PresentUser => ({ userId, name: null, isWriting });

describe("who looks at a conversation", () => {
  it("is one entry a person, however many tabs and nodes; writing if one of them is", () => {
    const room = new PresenceRoom();
    const [one, two] = [seatOf("a"), seatOf("a")];
    room.sit(one.seat);
    room.sit(two.seat);
    room.hear("node", [user("b"), user("a", true)], 0);
    room.tell(0);
    expect(one.told).toEqual([[user("a", true), user("b")]]);
    room.tell(0);
    expect(one.told).toHaveLength(1);
    expect(two.told).toEqual(one.told);
  });

  it("writes no longer than 10 s after it was said last", () => {
    const room = new PresenceRoom();
    const { seat, told } = seatOf("a");
    room.sit(seat);
    room.write(seat, true, 0);
    room.tell(9_999);
    room.tell(10_001);
    expect(told).toEqual([[user("a", true)], [user("a")]]);
    expect(room.news(10_001)).toEqual([user("a")]);
    expect(room.news(10_001)).toBeNull();
  });

  it("forgets a node that says nothing for a minute, and one that says that nobody is there", () => {
    const room = new PresenceRoom();
    const { seat, told } = seatOf("a");
    room.sit(seat);
    room.hear("gone", [user("b")], 0);
    room.hear("emptied", [user("c")], 30_000);
    room.tell(59_999);
    room.tell(60_001);
    room.hear("emptied", [], 60_002);
    room.tell(60_002);
    expect(told.map((users) => users.map(({ userId }) => userId).join(""))).toEqual(["abc", "ac", "a"]);
  });
});
