import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";

const inputSchema = { type: "object" as const };
const server = new Server({ name: "odd", version: "1" }, { capabilities: { tools: { listChanged: true } } });

const names = ["crash", "pid", "environment", "shout", "grow", "announce"];
let lists = 0;

server.setRequestHandler(ListToolsRequestSchema, () => {
  lists += 1;
  // says so each time that it is asked, once it has begun
  if (names.includes("later")) void server.sendToolListChanged();
  return { tools: names.map((name) => ({ name, inputSchema })) };
});

server.setRequestHandler(CallToolRequestSchema, ({ params }) => {
  const text = (value: string) => ({ content: [{ type: "text" as const, text: value }] });
  switch (params.name) {
    case "crash":
      process.exit(1);
    case "environment":
      return text(Object.keys(process.env).toSorted().join(" "));
    case "shout":
      process.stdout.write("this is no JSON\n{}\n");
      process.stderr.write("x".repeat(1_000_000));
      return text("shouted");
    case "announce":
      if (!names.includes("later")) names.push("later");
      void server.sendToolListChanged();
      return text(String(lists));
    case "grow":
      return text("x".repeat(20_000_000));
    default:
      return text(String(process.pid));
  }
});

await server.connect(new StdioServerTransport());
