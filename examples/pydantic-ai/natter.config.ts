import { agUi, defineAgent, defineConfig } from "natter";

const url = process.env["AGENT_URL"] ?? "http://127.0.0.1:8000/";

export default defineConfig({ agents: { default: defineAgent({ name: "Python", runner: agUi({ url }) }) } });
