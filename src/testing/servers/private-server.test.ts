import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { describe, expect, inject, test } from "vitest";
import { findFreePort, onFreePort, startPrivateServer } from "./private-server.ts";
import { startPostgres } from "./postgres-server.ts";
import { startRedis } from "./redis-server.ts";

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const isListening = async (url: string): Promise<boolean> => {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const answer = await once(socket, "connect").then(
    () => true,
    () => false,
  );
  socket.destroy();
  return answer;
};

test("a free port can be listened on", async () => {
  const port = await findFreePort();
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  expect(await isListening(`tcp://127.0.0.1:${port}`)).toBe(true);
  server.close();
});

test("a program that ends at once rejects with what it printed", async () => {
  const command = { program: process.execPath, args: ["-e", "console.error('no such luck')"], folder: "/" } as const;
  await expect(startPrivateServer({ ...command, stopSignal: "SIGKILL" })).rejects.toThrow("no such luck");
});

test("a program that does not exist rejects", async () => {
  const command = { program: "/nowhere/program", args: [], folder: "/", stopSignal: "SIGKILL" } as const;
  await expect(startPrivateServer(command)).rejects.toMatchObject({ code: "unavailable" });
});

test("a port taken in the meantime is tried again with another, three times at most", async () => {
  const ports: number[] = [];
  const attempt = onFreePort(async (port) => {
    ports.push(port);
    throw new Error("address in use");
  });
  await expect(attempt).rejects.toThrow("address in use");
  expect(ports).toHaveLength(3);
});

describe.skipIf(inject("postgresUrl") === null)("PostgreSQL", () => {
  test("with fsync it is as durable as in production", async () => {
    const server = await startPostgres({ fsync: true, maxConnections: 20 });
    const connection = postgres(server.url, { max: 1 });
    const [row] = await connection`
      select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
             current_setting('max_connections') as connections, current_setting('data_directory') as folder`;
    await connection.end();
    expect(row).toMatchObject({ fsync: "on", commit: "on", connections: "20" });

    await server.stop();
    await server.stop();
    expect(await isListening(server.url)).toBe(false);
    expect(existsSync(row!["folder"])).toBe(false);
  });
});

describe.skipIf(inject("redisUrl") === null)("Redis", () => {
  test("stops when asked, and its process is gone", async () => {
    const server = await startRedis();
    expect(await isListening(server.url)).toBe(true);
    await server.stop();
    expect(isAlive(server.pid)).toBe(false);
  });

  test.runIf(process.platform === "linux")("ends when the process that started it is killed", async () => {
    const script = `
      const { startRedis } = await import(${JSON.stringify(new URL("redis-server.ts", import.meta.url).href)});
      console.log((await startRedis()).pid);
      setInterval(() => {}, 1000);`;
    const folder = await mkdtemp(join(tmpdir(), "natter-orphan-"));
    const parent = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, TMPDIR: folder },
    });
    const [printed] = await once(parent.stdout, "data");
    const pid = Number(printed);
    expect(isAlive(pid)).toBe(true);
    parent.kill("SIGKILL");
    await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false);
    await rm(folder, { recursive: true });
  });
});
