import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { until } from "../../src/testing/spine.ts";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";

const echo = createServer((socket) => void socket.on("error", () => {}).pipe(socket)).listen(0, "127.0.0.1");
const opened: FaultProxy[] = [];

const open = async (): Promise<FaultProxy> => {
  const proxy = await startFaultProxy((echo.address() as AddressInfo).port);
  opened.push(proxy);
  return proxy;
};

const dial = (proxy: FaultProxy): { socket: Socket; heard: () => string; error: () => string | null } => {
  const socket = connect(proxy.port, "127.0.0.1");
  let [heard, error]: [string, string | null] = ["", null];
  socket.on("data", (bytes: Buffer) => (heard += bytes.toString()));
  socket.on("error", (thrown: NodeJS.ErrnoException) => (error = thrown.code ?? "error"));
  return { socket, heard: () => heard, error: () => error };
};

afterEach(async () => {
  for (const proxy of opened.splice(0)) await proxy.close();
});

test("what is sent arrives, later where it is delayed, in its order", async () => {
  const proxy = await open();
  const { socket, heard } = dial(proxy);
  socket.write("a");
  await until(async () => heard() === "a");
  proxy.set({ kind: "delay", milliseconds: 60 });
  const begun = performance.now();
  socket.write("b");
  socket.write("c");
  await until(async () => heard() === "abc");
  expect(performance.now() - begun).toBeGreaterThan(100);
  socket.write("d");
  await new Promise((resolve) => setTimeout(resolve, 10));
  proxy.set({ kind: "pass" });
  socket.write("e");
  await until(async () => heard() === "abcde");
});

test("nothing passes a black hole, and the connection stays; all of it comes when it is over", async () => {
  const proxy = await open();
  const { socket, heard, error } = dial(proxy);
  proxy.set({ kind: "blackhole" });
  socket.write("lost?");
  const other = dial(proxy);
  other.socket.write("as well");
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect([heard(), other.heard(), error()]).toEqual(["", "", null]);
  proxy.set({ kind: "pass" });
  await until(async () => heard() === "lost?" && other.heard() === "as well");
});

test("connections are cut after so many bytes, reset, or ended, and new ones fare alike", async () => {
  const proxy = await open();
  proxy.set({ kind: "cut", bytes: 3 });
  const cut = dial(proxy);
  cut.socket.write("abcdef");
  await until(async () => cut.error() === "ECONNRESET");
  expect(cut.heard()).toBe("abc");
  proxy.set({ kind: "reset" });
  const reset = dial(proxy);
  await until(async () => reset.socket.destroyed);
  proxy.set({ kind: "drop" });
  const dropped = dial(proxy);
  await until(async () => dropped.socket.readableEnded || dropped.socket.destroyed);
  await until(async () => proxy.connections === 0);
});
