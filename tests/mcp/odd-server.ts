import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";

const inputSchema = { type: "object" as const };
const server = new Server({ name: "odd", version: "1" }, { capabilities: { tools: {} } });

server.setRequestHandler(ListToolsRequestSchema, () => ({
  tools: ["crash", "pid", "environment", "shout", "grow"].map((name) => ({ name, inputSchema })),
}));

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
    case "grow":
      return text("x".repeat(20_000_000));
    default:
      return text(String(process.pid));
  }
});

await server.connect(new StdioServerTransport());
