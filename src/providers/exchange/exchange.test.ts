import { describe, expect, test } from "vitest";
import { Exchange, type BodyReader } from "./exchange.ts";

const create = (read: BodyReader["read"] = () => false) => {
  const seen: string[] = [];
  const exchange = new Exchange(() => seen.push("heard"));
  exchange.close = () => seen.push("closed");
  exchange.onSuccess = () => seen.push("complete");
  exchange.attach({
    read(bytes) {
      seen.push(bytes.toString());
      return read(bytes);
    },
    end: () => void seen.push("end"),
  });
  return { exchange, seen };
};

const tick = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

describe("an exchange", () => {
  test("reads all chunks of one turn together", async () => {
    const { exchange, seen } = create();
    for (const chunk of ["a", "b", "c"]) exchange.bytes(Buffer.from(chunk));
    expect(seen).toEqual([]);
    await tick();
    exchange.bytes(Buffer.from("d"));
    await tick();
    expect(seen).toEqual(["heard", "abc", "heard", "d"]);
  });

  test("reads what came before its end, in the same turn too", async () => {
    const { exchange, seen } = create();
    exchange.bytes(Buffer.from("a"));
    exchange.end();
    await exchange.over;
    expect(seen).toEqual(["heard", "a", "end", "complete"]);
  });

  test("F24 reads what came before its failure, and is over once", async () => {
    const { exchange, seen } = create();
    const reset = new Error("reset");
    exchange.bytes(Buffer.from("a"));
    exchange.fail(reset);
    exchange.fail(new Error("again"));
    exchange.end();
    exchange.abort("late");
    await expect(exchange.over).rejects.toBe(reset);
    expect(seen).toEqual(["heard", "a", "closed"]);
  });

  test("F16 aborted, reads nothing of what came in the same turn", async () => {
    const { exchange, seen } = create();
    exchange.bytes(Buffer.from("a"));
    exchange.abort("stop");
    exchange.bytes(Buffer.from("b"));
    await expect(exchange.over).rejects.toBe("stop");
    await tick();
    expect(seen).toEqual(["closed"]);
  });

  test("is complete as soon as its reader says so, whatever else comes", async () => {
    const { exchange, seen } = create((bytes) => bytes.includes("]"));
    exchange.bytes(Buffer.from("[DONE]"));
    await exchange.over;
    exchange.bytes(Buffer.from("more"));
    exchange.fail(new Error("cut"));
    await tick();
    expect(seen).toEqual(["heard", "[DONE]", "complete"]);
  });

  test("fails with what its reader throws, and is closed", async () => {
    const { exchange, seen } = create(() => {
      throw new RangeError("too long");
    });
    exchange.bytes(Buffer.from("a"));
    await expect(exchange.over).rejects.toThrow(RangeError);
    expect(seen.at(-1)).toBe("closed");
  });
});
