import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { strFromU8, unzipSync } from "fflate";
import { afterEach, beforeEach, expect, test } from "vitest";
import { until } from "../../src/testing/spine.ts";
import { Desk } from "./natter-command.ts";

let desk: Desk;

beforeEach(async () => {
  desk = await Desk.create();
});
afterEach(() => desk.close());

const ask = async <Body>(path: string, method = "GET", body?: object): Promise<Body> => {
  const token = (await readFile(join(desk.dataDirectory, "token"), "utf8")).trim();
  const response = await fetch(`${desk.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.status === 204 ? (null as Body) : ((await response.json()) as Body);
};

const titles = async (): Promise<(string | null)[]> =>
  (await ask<{ data: { title: string | null }[] }>("/v1/conversations")).data.map(({ title }) => title);

test(
  "N10 conversations go out and come in by the command line, beside a server and without one",
  { timeout: 240_000 },
  async () => {
    const file = join(desk.folder, "backup.zip");
    await desk.start();
    const { id } = await ask<{ id: string }>("/v1/conversations", "POST", { title: "Kept" });
    await ask(`/v1/conversations/${id}/messages`, "POST", { message: { text: "hello" } });
    expect(await desk.run(["export", "--output", file])).toEqual({ code: 0, out: "", error: "" });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const entries = unzipSync(new Uint8Array(await readFile(file)));
    expect(strFromU8(entries[`conversations/${id}.jsonl`]!)).toContain("hello");
    await ask(`/v1/conversations/${id}`, "DELETE");
    const brought = await desk.run(["import", file]);
    expect([brought.code, brought.error]).toEqual([0, expect.stringContaining("GET /v1/import/")]);
    await until(async () => (await titles()).includes("Kept"), 60);
    await desk.stop();

    const text = await desk.run(["export", "--format", "markdown"]);
    expect([text.code, text.error]).toEqual([0, ""]);
    expect(text.out).toContain("# Kept");
    expect(text.out).toContain("hello");
    const second = await desk.run(["import", file]);
    expect(second.code).toBe(0);
    await desk.start();
    const done = await until(async () => {
      const report = await ask<{ status: string; skipped: number }>(`/v1/import/${second.out.trim()}`);
      return report.status === "completed" ? report : null;
    }, 60);
    expect(done).toMatchObject({ skipped: 1 });
  },
);

test.each([
  ["no file", ["import"], 64],
  ["a file that is not there", ["import", "/nowhere/at-all.zip"], 64],
  ["a format that is none", ["export", "--format", "pdf"], 64],
  ["a user that is none", ["export", "--user", "nobody-at-all", "--output", "x.zip"], 1],
])("%s is told, and nothing is left", { timeout: 120_000 }, async (_what, args, code) => {
  const said = await desk.run(args);
  expect([said.code, said.out]).toEqual([code, ""]);
  expect(said.error).toMatch(/\w{3}/u);
  await expect(stat(join(desk.folder, "x.zip"))).rejects.toMatchObject({ code: "ENOENT" });
});
