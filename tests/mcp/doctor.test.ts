import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createMcpTestServer,
  plainTool,
  textResult,
  type McpTestServer,
} from "../../src/testing/servers/mcp-test-server.ts";
import { Desk } from "../cli/natter-command.ts";

let desk: Desk;
let server: McpTestServer;

beforeAll(async () => {
  desk = await Desk.create();
  server = await createMcpTestServer({ tools: [plainTool("read")], answer: () => textResult("") });
});
afterAll(async () => {
  await desk.close();
  await server.close();
});

test("the doctor says which MCP servers answer; one that does not keeps nobody from starting", async () => {
  const mcp = {
    files: { url: server.url },
    gone: { url: "http://127.0.0.1:9/mcp" },
    inside: { url: "http://10.1.2.3.nip.invalid:8080/mcp" },
    program: { command: "/no/such/program" },
    signed: {
      url: server.url,
      oauth: { issuer: "https://auth.example.com", clientId: "natter", refreshToken: "used up by asking" },
    },
  };
  await writeFile(join(desk.folder, "natter.config.mjs"), `export default ${JSON.stringify({ mcp })};`);
  const { code, out } = await desk.run(["doctor"]);
  const line = (name: string) => out.split("\n").find((text) => text.includes(`mcp        ${name}`));
  expect(line("files")).toBe("ok    mcp        files answers with 1 tool");
  expect(line("gone")).toMatch(/^note .*did not answer.*check its url/);
  expect(line("inside")).toMatch(/^note .*egress\.allow/);
  expect(line("program")).toMatch(/^note .*check that "\/no\/such\/program" runs/);
  expect(line("signed")).toMatch(/^note .*would be used up/);
  expect(code).toBe(0);
});
